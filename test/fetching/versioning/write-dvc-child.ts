/** Tracks a folder with DVC and blocks after the first files: `node write-dvc-child.ts FOLDER FILES.json`. */
import {readFileSync, writeSync} from 'node:fs';
import {writeDvc} from '../../../src/fetching/versioning/write-dvc.ts';

const [folder, list] = process.argv.slice(2);
const onProgress = ({done}: {done: number}) => {
  writeSync(1, `progress ${done}\n`);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
await writeDvc({folder, files: JSON.parse(readFileSync(list, 'utf8')), onProgress});
