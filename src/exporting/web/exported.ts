/** What stands in an exported page for its scripts. */
export interface Exported {
  /** Of everything in the folder: another one is another page. */
  version: string;
  /** The files that the page loads, by name. */
  files: Readonly<Record<string, ExportedFile>>;
  model: {name: string; version: string; sha256: string; labels: string[]};
}

export interface ExportedFile {
  /** As `integrity` takes it. */
  integrity: string;
  bytes: number;
}

/** The files that the worker is made of, in a folder. */
export const PARTS = {
  worker: 'worker.js',
  model: 'model.onnx',
  runtime: 'onnxruntime.wasm',
  kernels: 'kernels.wasm',
} as const;
