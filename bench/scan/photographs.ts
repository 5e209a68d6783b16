import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Scanner} from '../../src/scanning/scanner.ts';
import type {ScannedPicture} from '../../src/scanning/types.ts';

export interface PhotographOutcome {
  path: string;
  /** What is known of it. */
  truth?: number;
  count: number;
  byArea: number;
  /** Things that are no grain. */
  objects: number;
  /** Where there are boxes: the share of them with a grain's center within, and how many grains lie in none. */
  boxes?: {hit: number; outside: number};
  /** Share of broken grains that the scan says. */
  broken?: number;
  seconds: number;
  /** Why there is no answer. */
  error?: string;
}

/** Counts that are not in the file's name. */
const COUNTED: Record<string, number> = {
  'misc/grains-on-black-1.jpg': 11,
  'other-cameras/tea_demo3.jpg': 42,
  'other-cameras/hkedia_img1.jpg': 12,
  'other-cameras/hamza_kainaat.jpg': 13,
};

const NOTHING = {count: 0, byArea: 0, objects: 0};

/**
 * Scans the photographs of a folder whose grains are counted: `counted/count-N.jpg`; `phone-boxes`, with a box a line in the text
 * file beside each; those named in `COUNTED`; and `whole-or-broken`, where the name says what all grains are.
 */
export async function measurePhotographs(
  scanner: Scanner,
  folder: string,
  onProgress: (path: string) => void,
): Promise<PhotographOutcome[]> {
  const outcomes: PhotographOutcome[] = [];
  for (const path of photographsIn(folder)) {
    onProgress(path);
    outcomes.push(await measureOne(scanner, folder, path));
  }
  return outcomes;
}

function photographsIn(folder: string): string[] {
  const inside = (name: string) =>
    existsSync(join(folder, name))
      ? readdirSync(join(folder, name))
          .filter((file) => file.endsWith('.jpg'))
          .sort()
          .map((file) => `${name}/${file}`)
      : [];
  const named = Object.keys(COUNTED).filter((path) => existsSync(join(folder, path)));
  return [...inside('counted'), ...named, ...inside('whole-or-broken'), ...inside('phone-boxes')];
}

async function measureOne(scanner: Scanner, folder: string, path: string): Promise<PhotographOutcome> {
  const known = truthOf(folder, path);
  const truth = known === undefined ? {} : {truth: known};
  const started = performance.now();
  try {
    const picture = await scanner.scan(readFileSync(join(folder, path)), path);
    const {broken} = scanner.summarize([picture]);
    const seconds = (performance.now() - started) / 1000;
    const drawn = boxesOf(folder, path);
    const boxes = drawn ? {boxes: holdAgainst(picture, drawn)} : {};
    const share = broken === null ? {} : {broken: broken.share};
    const {count, countByArea: byArea, objects} = picture;
    return {path, ...truth, count, byArea, objects: objects.length, ...boxes, ...share, seconds};
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {path, ...truth, ...NOTHING, seconds: (performance.now() - started) / 1000, error: message};
  }
}

function truthOf(folder: string, path: string): number | undefined {
  const named = /count-(\d+)\.jpg$/.exec(path);
  if (named) return Number(named[1]);
  if (COUNTED[path] !== undefined) return COUNTED[path];
  return boxesOf(folder, path)?.length;
}

/** Left, top, right and bottom, as shares of the picture's sides. */
type Box = readonly [number, number, number, number];

/** Of the text file beside a photograph in YOLO's format, a box a line: class, center and size as shares of the sides. */
function boxesOf(folder: string, path: string): Box[] | undefined {
  const file = join(folder, path.replace(/\.jpg$/, '.txt'));
  if (!existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [, x, y, width, height] = line.split(' ').map(Number);
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  });
}

function holdAgainst({width, height, grains}: ScannedPicture, boxes: readonly Box[]): {hit: number; outside: number} {
  const centers = grains.map(({x, y}) => [x / width, y / height]);
  const holds = ([left, top, right, bottom]: Box, [x, y]: number[]) =>
    x >= left && x <= right && y >= top && y <= bottom;
  return {
    hit: boxes.filter((box) => centers.some((center) => holds(box, center))).length / boxes.length,
    outside: centers.filter((center) => !boxes.some((box) => holds(box, center))).length,
  };
}
