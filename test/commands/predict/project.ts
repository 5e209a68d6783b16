import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import type {Entry, ErrorEntry, PredictionEntry} from '../../../src/prediction/entry.ts';
import {rice, startRice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {grainJpeg, writeColorModel} from '../pictures.ts';

export interface Document {
  predictions: PredictionEntry[];
  errors: ErrorEntry[];
  summary: {images: number; errors: number; labels: Record<string, number>; unknown: number};
  warnings: string[];
  shard?: {index: number; count: number};
  interrupted?: true;
}

/** A temporary folder with a model that tells red from blue, and functions that run commands in it. */
export function predictProject() {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);
  const jpegs: Record<'Red' | 'Blue' | 'Grey', Buffer> = {
    Red: grainJpeg('Red'),
    Blue: grainJpeg('Blue'),
    Grey: grainJpeg('Grey'),
  };
  before(() => writeColorModel(at('color.onnx')));
  const env = (more: Record<string, string> = {}) => ({RICE_MODEL: at('color.onnx'), ...more});
  const options = ({env: more, ...rest}: Parameters<typeof rice>[1] = {}) => ({
    cwd: folder(),
    env: env(more),
    ...rest,
  });
  return {
    at,
    jpegs,
    /** Writes files: path to color of a picture, or to other content. */
    write(files: Record<string, keyof typeof jpegs | Uint8Array>): void {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(at(name)), {recursive: true});
        writeFileSync(at(name), typeof content === 'string' ? jpegs[content] : content);
      }
    },
    run: (args: string[], more: Parameters<typeof rice>[1] = {}) => rice(['predict', ...args], options(more)),
    start: (args: string[], more: Parameters<typeof rice>[1] = {}) => startRice(['predict', ...args], options(more)),
    /** Runs with `--json` and validates the document against its schema. */
    async json(args: string[], more: Parameters<typeof rice>[1] = {}) {
      const {code, stdout, stderr} = await rice(['predict', ...args, '--json'], options(more));
      return {code, stderr, ...parseAs<Document>('predict', stdout)};
    },
  };
}

/** Path and label, or error code, of each NDJSON entry, in order. */
export function linesOf(ndjson: string): string[] {
  const lines = ndjson.split('\n').slice(0, -1);
  return lines.map((line) => parseAs<Entry>('predict-line', line)).map(summaryOf);
}

export function summaryOf(entry: Entry): string {
  return `${entry.path}: ${'code' in entry ? entry.code : entry.known ? entry.label : 'unknown'}`;
}
