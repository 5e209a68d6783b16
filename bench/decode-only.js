/**
 * A baseline for bench/predict.ts: N threads that only read the files of a folder and decode them with libjpeg-turbo, each
 * into one buffer: `node bench/decode-only.js FOLDER N`.
 */
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {isMainThread, Worker, workerData} from 'node:worker_threads';
import turbo from '@julusian/jpeg-turbo';

if (isMainThread) {
  const [folder, threads] = [process.argv[2], Number(process.argv[3])];
  const files = readdirSync(folder).map((name) => join(folder, name));
  for (let i = 0; i < threads; i++)
    new Worker(new URL(import.meta.url), {workerData: files.filter((_, k) => k % threads === i)});
} else {
  const buffer = Buffer.alloc(512 * 512 * 3);
  for (const file of workerData) turbo.decompressSync(readFileSync(file), buffer, {format: turbo.FORMAT_RGB});
}
