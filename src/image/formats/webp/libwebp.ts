import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {compile, type EmscriptenOptions} from '../emscripten.ts';
import type {RgbaImage} from '../rgba.ts';

/** libwebp as icodec compiles it. */
export interface Libwebp {
  /** Pixels; text that says why there are none. */
  decode(file: Uint8Array): RgbaImage | string | null;
}

let loading: Promise<() => Promise<Libwebp>> | undefined;

/** Loads libwebp; every call of what that gives makes one with a memory of its own. */
export function loadLibwebp(): Promise<() => Promise<Libwebp>> {
  loading ??= load();
  return loading;
}

/** icodec keeps one decoder for all pictures, whose memory never shrinks; taking its parts lets it be dropped. */
async function load(): Promise<() => Promise<Libwebp>> {
  const binary = createRequire(import.meta.url).resolve('icodec/webp-dec.wasm');
  // Says what the decoder gives its pixels as.
  await import('icodec/node');
  const {default: make} = (await import(pathToFileURL(join(dirname(binary), 'webp-dec.js')).href)) as {
    default: (options: EmscriptenOptions) => Promise<Libwebp>;
  };
  const options = compile(readFileSync(binary));
  return () => make({...options});
}
