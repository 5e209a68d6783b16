import {readFileSync} from 'node:fs';
import type {Frame} from '../../src/image/frame.ts';

/** A small picture that Pillow encoded, and its pixels as Pillow decodes them. */
export interface Fixture {
  file: Buffer;
  frame: Frame;
  /** By how many levels a channel may differ. */
  tolerance: number;
}

interface StoredFixture {
  file: string;
  width: number;
  height: number;
  tolerance: number;
  rgb: string;
}

/** The pictures of `test/fixtures/pictures.json` by name; `make.py` beside it makes them. */
export const FIXTURES: Readonly<Record<string, Fixture>> = readFixtures();

function readFixtures(): Record<string, Fixture> {
  const text = readFileSync(new URL('../fixtures/pictures.json', import.meta.url), 'utf8');
  const stored = Object.entries(JSON.parse(text) as Record<string, StoredFixture>);
  return Object.fromEntries(
    stored.map(([name, {file, width, height, tolerance, rgb}]) => [
      name,
      {file: Buffer.from(file, 'base64'), frame: {width, height, data: Buffer.from(rgb, 'base64')}, tolerance},
    ]),
  );
}
