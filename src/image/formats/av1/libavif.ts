import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {compile, type EmscriptenOptions} from '../emscripten.ts';

/** libavif and libaom as icodec compiles them. */
export interface Libavif {
  /** Pixels; text that says why there are none. */
  decode(file: Uint8Array): LibavifImage | string | null;
}

export interface LibavifImage {
  width: number;
  height: number;
  /** RGBA; of more than 8 bits, two bytes each, the low one first. */
  data: Uint8ClampedArray;
  depth: number;
}

let loading: Promise<() => Promise<Libavif>> | undefined;

/** Loads libavif; every call of what that gives makes one with a memory of its own. */
export function loadLibavif(): Promise<() => Promise<Libavif>> {
  loading ??= load();
  return loading;
}

/** icodec keeps one decoder for all pictures; taking its parts lets each picture have a fresh one. */
async function load(): Promise<() => Promise<Libavif>> {
  const binary = createRequire(import.meta.url).resolve('icodec/avif-dec.wasm');
  // Says what the decoder gives its pixels as.
  await import('icodec/node');
  const {default: make} = (await import(pathToFileURL(join(dirname(binary), 'avif-dec.js')).href)) as {
    default: (options: EmscriptenOptions) => Promise<Libavif>;
  };
  const options = compile(readFileSync(binary));
  return () => make({...options});
}
