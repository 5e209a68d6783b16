/** Acquires a lock on request, and holds it until its input ends: `node lock-file-child.ts PATH`. Prints one line per message. */
import {once} from 'node:events';
import {tryLock} from '../../../src/common/files/lock-file.ts';

process.stdout.write('started\n');
await once(process.stdin, 'data');
process.stdout.write(tryLock(process.argv[2]).release ? 'taken\n' : 'busy\n');
