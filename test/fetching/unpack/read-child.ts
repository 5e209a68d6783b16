/** Unpacks an archive in a separate process: `node read-child.ts ARCHIVE TARGET`. Prints the outcome. */
import type {RiceError} from '../../../src/common/errors.ts';
import {unpack} from './unpack.ts';

const [archive, target] = process.argv.slice(2);
const outcome = await unpack(archive, {target}).then(
  ({files}) => ({files: files.length}),
  ({code, message}: RiceError) => ({code, message}),
);
process.stdout.write(JSON.stringify(outcome));
