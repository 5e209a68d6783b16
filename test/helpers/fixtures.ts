import {readFileSync} from 'node:fs';
import {inflateSync} from 'node:zlib';
import type {Frame} from '../../src/image/frame.ts';

/** A small picture that another encoder made, and its pixels as another decoder gives them. */
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
  rgb?: string;
  /** The same, made small. */
  deflated?: string;
}

/**
 * The pictures of `test/fixtures/pictures.json` and `test/fixtures/heif.json` by name; `make.py` and `make-heif.py` beside
 * them make them.
 */
export const FIXTURES: Readonly<Record<string, Fixture>> = {
  ...readFixtures('pictures.json'),
  ...readFixtures('heif.json'),
};

function readFixtures(name: string): Record<string, Fixture> {
  const text = readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
  const stored = Object.entries(JSON.parse(text) as Record<string, StoredFixture>);
  return Object.fromEntries(
    stored.map(([name, {file, width, height, tolerance, rgb, deflated}]) => {
      const data = rgb ? Buffer.from(rgb, 'base64') : inflateSync(Buffer.from(deflated ?? '', 'base64'));
      return [name, {file: Buffer.from(file, 'base64'), frame: {width, height, data}, tolerance}];
    }),
  );
}
