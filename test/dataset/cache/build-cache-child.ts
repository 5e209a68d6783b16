/** Builds a cache in a separate process: `node build-cache-child.ts ROOT CACHE_DIR`. Prints one line per message. */
import {buildPreparedCache} from '../../../src/dataset/cache/build-cache.ts';
import {hashDataset} from '../../../src/dataset/hash-dataset.ts';
import {scanDataset} from '../../../src/dataset/scan.ts';

const [root, cacheDir] = process.argv.slice(2);
const {dataset, hashes} = await hashDataset(scanDataset(root));
try {
  const cache = await buildPreparedCache({
    dataset,
    hashes,
    size: {width: 60, height: 28},
    cacheDir,
    threads: 1,
    onProgress: ({done}) => process.stdout.write(`progress ${done}\n`),
  });
  process.stdout.write(`ready ${cache.folder} ${cache.count}\n`);
  cache.close();
} catch (error) {
  const {code, message} = error as {code: string; message: string};
  process.stdout.write(`failed ${code} ${message}\n`);
}
