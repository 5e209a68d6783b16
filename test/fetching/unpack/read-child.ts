/**
 * Unpacks an archive in a separate process, in eight threads: `node read-child.ts ARCHIVE [TARGET]`. Prints the outcome and the
 * peak memory.
 */
import type {RiceError} from '../../../src/common/errors.ts';
import {unpack} from './unpack.ts';

const [archive, target] = process.argv.slice(2);
const outcome = await unpack(archive, {target, threads: target === undefined ? 8 : 1}).then(
  ({files}) => ({files: files.length}),
  ({code, message}: RiceError) => ({code, message}),
);
const megabytes = (process.resourceUsage().maxRSS * 1024) / 1e6;
process.stdout.write(JSON.stringify({...outcome, megabytes}));
