/**
 * Unpacks an archive in a separate process, in eight threads: `node read-child.ts ARCHIVE [TARGET]`. Prints the outcome and the
 * peak memory.
 */
import {existsSync, readFileSync} from 'node:fs';
import type {RiceError} from '../../../src/common/errors.ts';
import {limitsFor} from '../../../src/fetching/unpack/limits.ts';
import {unpack} from './unpack.ts';

const [archive, target] = process.argv.slice(2);
const outcome = await unpack(archive, {target, threads: target === undefined ? 8 : 1, limits: limitsFor(2)}).then(
  ({files}) => ({files: files.length}),
  ({code, message}: RiceError) => ({code, message}),
);
// On Linux, the peak of a process counts what its parent took before it was started.
const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'latin1') : '';
const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS);
const megabytes = (peak * 1024) / 1e6;
process.stdout.write(JSON.stringify({...outcome, megabytes}));
