import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join, sep} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import type {ArchiveOptions} from '../../../src/fetching/unpack/container.ts';
import {Extractor} from '../../../src/fetching/unpack/extract.ts';
import {locateLabels} from '../../../src/fetching/unpack/locate-labels.ts';
import {openContainer} from '../../../src/fetching/unpack/open-container.ts';
import {type ReadFiles, type ReadOptions, readFiles} from '../../../src/fetching/unpack/read-files.ts';

/** The contents of the pictures of an archive or folder, by path, in order; read in this thread. */
export async function extractAll(path: string, options?: ArchiveOptions): Promise<Record<string, string>> {
  const container = await openContainer(path, options);
  const extractor = new Extractor(container.name);
  try {
    const {files} = locateLabels(container);
    const places = new Map(files.map((file, index) => [file.entry, index]));
    const texts: string[] = [];
    for await (const {entry, content} of container.contents(new Set(places.keys()))) {
      const place = places.get(entry)!;
      texts[place] = Buffer.from(extractor.extract(files[place].path, files[place].bytes, content)).toString();
    }
    return Object.fromEntries(files.map(({path: name}, index) => [name, texts[index]]));
  } finally {
    extractor.close();
  }
}

/** Reads an archive or folder in threads, like fetching. */
export async function unpack(path: string, options: ReadOptions & ArchiveOptions = {}): Promise<ReadFiles> {
  const container = await openContainer(path, {...options, onProgress: undefined});
  return readFiles(container, locateLabels(container).files, {threads: 1, ...options});
}

/** The error of a promise, which must be a `RiceError`. */
export async function failureOf(promise: Promise<unknown>): Promise<RiceError> {
  const outcome = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof RiceError))
    throw new Error(`no RiceError: ${outcome instanceof Error ? outcome.stack : ''}`);
  expect(outcome.code).to.not.equal('INTERNAL');
  return outcome;
}

/** The contents of all files in a folder, by path. */
export function filesBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, {recursive: true, encoding: 'utf8'}).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name.replaceAll(sep, '/'), readFileSync(join(folder, name), 'utf8')]));
}

/** The number of open files of this process, if the system states it. */
export function openFiles(): number | undefined {
  return existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : undefined;
}
