/** Downloads in a separate process: `node download-child.ts ADDRESS CACHE_DIR`. Prints one line per message. */
import {downloadFile} from '../../../src/fetching/download/download.ts';
import {HttpFile} from '../../../src/fetching/download/http-file.ts';

const [address, cacheDir] = process.argv.slice(2);
try {
  const download = await downloadFile(new HttpFile(address), {
    key: 'child',
    cacheDir,
    onProgress: ({done}) => process.stdout.write(`progress ${done}\n`),
    onNotice: (message) => process.stdout.write(`notice ${message}\n`),
  });
  process.stdout.write(`ready ${download.bytes} ${download.digests.sha256}\n`);
  download.keep();
} catch (error) {
  const {code, message} = error as {code: string; message: string};
  process.stdout.write(`failed ${code} ${message}\n`);
}
