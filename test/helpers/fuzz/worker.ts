/** The process that decodes damaged pictures: `node --import tsx worker.ts '{"seed": 1, ...}'`, reports by IPC. */
import {writeSync} from 'node:fs';
import {setImmediate} from 'node:timers/promises';
import {RiceError} from '../../../src/common/errors.ts';
import {prepareImage} from '../../../src/image/prepare.ts';
import {randomNumbers} from '../images.ts';
import {below, mutate} from './mutate.ts';
import {type FuzzPicture, generatedPictures, picturesIn} from './pictures.ts';
import type {FuzzFailure, FuzzReport, FuzzTask} from './run.ts';

const WINDOW = {width: 30, height: 14};
const CODES = ['IMAGE_EMPTY', 'IMAGE_UNSUPPORTED', 'IMAGE_TOO_LARGE', 'IMAGE_TRUNCATED', 'IMAGE_CORRUPT'];
const MOST_FAILURES = 20;
/** Pictures that are decoded undamaged, too. */
const MOST_WHOLE = 100;
/** The file descriptor on which the parent follows which case is in work. */
const PROGRESS = 4;

const task: FuzzTask = JSON.parse(process.argv[2]);
const pictures = task.folder ? picturesIn(task.folder, task.decoders ?? ['auto']) : generatedPictures(task.names);
const report: FuzzReport = {outcomes: {}, failures: [], slowestMs: 0, rssGrowthMb: 0};
let current = 'before the first case';

process.on('unhandledRejection', (reason) => fail(`unhandled rejection: ${describe(reason)}`));
process.on('uncaughtException', (error) => fail(`uncaught exception: ${describe(error)}`));

// Whatever is loaded lazily is loaded before the clock runs.
const before = await windowsOfWholePictures();
const rss = process.memoryUsage.rss();
for (let index = task.first; index < task.first + task.count && report.failures.length < MOST_FAILURES; index++) {
  await runCase(index);
  if (index % 16 === 0) {
    await setImmediate();
    report.rssGrowthMb = Math.max(report.rssGrowthMb, (process.memoryUsage.rss() - rss) / 2 ** 20);
  }
}
current = 'after the last case';
const after = await windowsOfWholePictures();
before.forEach((window, i) => {
  if (!window.equals(after[i])) fail(`${pictures[i].name}, undamaged, is no longer decoded as before`);
});
process.send?.(report);
process.disconnect?.();

async function runCase(index: number): Promise<void> {
  const random = randomNumbers(Math.imul(task.seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const pick = (): FuzzPicture => pictures[below(random, pictures.length)];
  const picture = pick();
  const {bytes, how} = mutate(picture.read(), {random, donor: () => pick().read()});
  current = `case ${index}, ${picture.name}: ${how.join(', ')}`;
  writeSync(PROGRESS, `${current}\n`);
  const cpu = process.cpuUsage();
  const outcome = await outcomeOf(bytes, picture);
  const {user, system} = process.cpuUsage(cpu);
  report.outcomes[outcome] = (report.outcomes[outcome] ?? 0) + 1;
  const elapsed = (user + system) / 1000;
  report.slowestMs = Math.max(report.slowestMs, elapsed);
  if (elapsed > task.limitMs) fail(`took ${Math.round(elapsed)} ms of CPU time`);
}

async function outcomeOf(bytes: Buffer, {decoder}: FuzzPicture): Promise<string> {
  try {
    const {window} = await prepareImage(bytes, WINDOW, {decoder, maxPixels: task.maxPixels});
    if (window.length !== WINDOW.width * WINDOW.height * 3) fail(`the window has ${window.length} bytes`);
    return 'window';
  } catch (error) {
    if (error instanceof RiceError && CODES.includes(error.code)) return error.code;
    fail(describe(error));
    return 'failure';
  }
}

async function windowsOfWholePictures(): Promise<Buffer[]> {
  const windows: Buffer[] = [];
  for (const {name, read, decoder} of pictures.slice(0, MOST_WHOLE))
    try {
      windows.push(Buffer.from((await prepareImage(read(), WINDOW, {decoder})).window));
    } catch (error) {
      fail(`${name}, undamaged, is not decoded: ${describe(error)}`);
      windows.push(Buffer.alloc(0));
    }
  return windows;
}

function fail(reason: string): void {
  const failure: FuzzFailure = {where: current, reason};
  report.failures.push(failure);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
