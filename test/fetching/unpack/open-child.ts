/** Opens archives in a separate process: `node open-child.ts ARCHIVE...`. Prints the outcome and the memory usage. */

import type {RiceError} from '../../../src/common/errors.ts';
import {openContainer} from '../../../src/fetching/unpack/open-container.ts';

const KIB = 1024;

const before = process.resourceUsage().maxRSS;
const errors: unknown[] = [];
for (const archive of process.argv.slice(2))
  await openContainer(archive).catch(({code, message}: RiceError) => errors.push({code, message}));
const megabytes = ((process.resourceUsage().maxRSS - before) * KIB) / 1e6;
process.stdout.write(JSON.stringify({errors, megabytes}));
