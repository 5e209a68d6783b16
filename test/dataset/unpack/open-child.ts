/** Opens an archive in a process of its own: `node open-child.ts ARCHIVE`. Prints how that ended and what memory it took. */
import {openContainer} from '../../../src/dataset/unpack/open-container.ts';
import type {RiceError} from '../../../src/errors.ts';

const KIB = 1024;

const before = process.resourceUsage().maxRSS;
const error = await openContainer(process.argv[2]).then(
  () => undefined,
  ({code, message}: RiceError) => ({code, message}),
);
const megabytes = ((process.resourceUsage().maxRSS - before) * KIB) / 1e6;
process.stdout.write(JSON.stringify({...error, megabytes}));
