import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {packageRoot} from '../common/package-root.ts';

interface WebAssemblyApi {
  Memory: new (size: {initial: number}) => {readonly buffer: ArrayBuffer};
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => {readonly exports: unknown};
}

const {WebAssembly} = globalThis as unknown as {WebAssembly: WebAssemblyApi};

interface Functions {
  multiplyRows(rowsAt: number, rows: number, columns: number, queryAt: number, outAt: number): void;
}

const PAGE = 65_536;
/** Vectors are padded with zeros to a multiple of this. */
const BLOCK = 16;
/** The first bytes stay unused: an address of 0 would be a null pointer. */
const START = 64;

/** Vectors of signed bytes in a memory of their own, to be multiplied with others by the kernel. */
export class Products {
  /** Bytes of a vector with its padding. */
  readonly #columns: number;
  readonly #rows: number;
  readonly #bytes: Int8Array;
  readonly #query: Int16Array;
  readonly #out: Int32Array;
  readonly #functions: Functions;

  /** @param vectors one after the other, copied */
  constructor(vectors: Int8Array, features: number) {
    this.#rows = vectors.length / features;
    this.#columns = Math.ceil(features / BLOCK) * BLOCK;
    const queryAt = START + this.#rows * this.#columns;
    const outAt = queryAt + this.#columns * 2;
    const memory = new WebAssembly.Memory({initial: Math.ceil((outAt + this.#rows * 4 + START) / PAGE)});
    this.#bytes = new Int8Array(memory.buffer, START, this.#rows * this.#columns);
    this.#query = new Int16Array(memory.buffer, queryAt, this.#columns);
    this.#out = new Int32Array(memory.buffer, outAt, this.#rows);
    for (let row = 0; row < this.#rows; row++)
      this.#bytes.set(vectors.subarray(row * features, (row + 1) * features), row * this.#columns);
    const code = readFileSync(join(packageRoot(), 'dist', 'image', 'kernels.wasm'));
    const {exports} = new WebAssembly.Instance(new WebAssembly.Module(code), {env: {memory, abort: () => {}}});
    this.#functions = exports as Functions;
  }

  /** A number of a vector. */
  at(row: number, column: number): number {
    return this.#bytes[row * this.#columns + column];
  }

  /** The product of each vector with a query; valid until the next one. */
  with(query: Int16Array): Int32Array {
    this.#query.set(query);
    this.#functions.multiplyRows(
      this.#bytes.byteOffset,
      this.#rows,
      this.#columns,
      this.#query.byteOffset,
      this.#out.byteOffset,
    );
    return this.#out;
  }
}
