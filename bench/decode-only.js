/**
 * What bench/predict.ts compares with: threads that read the files of a folder and decode them with libjpeg-turbo into one
 * buffer each, and do nothing else. Prints images a second without the threads' start: `node bench/decode-only.js FOLDER N`.
 */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {isMainThread, parentPort, Worker, workerData} from 'node:worker_threads';
import turbo from '@julusian/jpeg-turbo';

if (isMainThread) {
  const [folder, threads] = [process.argv[2], Number(process.argv[3])];
  const files = readdirSync(folder).map((name) => join(folder, name));
  const workers = Array.from(
    {length: threads},
    (_, i) => new Worker(new URL(import.meta.url), {workerData: files.filter((_, k) => k % threads === i)}),
  );
  const message = (worker) => new Promise((resolve) => worker.once('message', resolve));
  await Promise.all(workers.map(message));
  const start = performance.now();
  const done = workers.map(message);
  for (const worker of workers) worker.postMessage('go');
  await Promise.all(done);
  console.log((files.length * 1000) / (performance.now() - start));
} else {
  const buffer = Buffer.alloc(512 * 512 * 3);
  parentPort.once('message', () => {
    for (const file of workerData) turbo.decompressSync(readFileSync(file), buffer, {format: turbo.FORMAT_RGB});
    parentPort.postMessage('done');
  });
  parentPort.postMessage('ready');
}
