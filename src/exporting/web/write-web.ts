import {createHash, hash} from 'node:crypto';
import {existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {temporaryName} from '../../common/files/temporary-folder.ts';
import {createWholeFolder} from '../../common/files/whole-folder.ts';
import {packageRoot} from '../../common/package-root.ts';
import type {RiceMetadata} from '../../model/metadata.ts';
import {type ModelFile, readModelFile} from '../../model/model-file.ts';
import {type Exported, type ExportedFile, PARTS} from './exported.ts';
import {renderWebPage} from './page/document.ts';
import {drawIcon} from './page/icon.ts';
import {ICONS, webManifest} from './page/manifest.ts';

export interface WebOptions {
  /** Path of a model that rice wrote. */
  model: string;
  /** What is made: it must not exist, or be empty. */
  folder: string;
  /** Replaces an earlier export in the folder, and nothing else. */
  force?: boolean;
}

export interface WebExport {
  /** The names of the files in the folder. */
  files: string[];
  /** Of all files together. */
  bytes: number;
}

type Files = Map<string, Uint8Array>;

/** What an earlier export was published with. */
const PUBLISHED = ['README.md', 'model.sig'];

/**
 * Writes a folder that any web server can serve as it is: a page that names grains in the browser, with the model, ONNX Runtime
 * and the tool's own preparation in WebAssembly. It asks no other host for anything, and works without a network once it was
 * visited. The same model and version of rice give the same bytes.
 *
 * @throws RiceError OUTPUT_EXISTS; MODEL_METADATA for a model that rice did not write; the others of `readModelFile`; those of
 *   writing; nothing is left behind
 */
export async function writeWeb({model, folder, force = false}: WebOptions): Promise<WebExport> {
  const files = filesOf(readModelFile(model));
  const names = [...files.keys()];
  // A folder that only has, say, a README.md or a model.onnx is no earlier export: they are somebody's own.
  const earlier = force && existsSync(join(folder, 'service-worker.js'));
  const allowed = earlier ? [...names, ...PUBLISHED] : [];
  requireNothingBut(allowed, folder);
  let replaced: string | undefined;
  const makeRoom = () => {
    requireNothingBut(allowed, folder);
    if (!force || !existsSync(folder)) return;
    replaced = temporaryName(resolve(folder));
    renameSync(folder, replaced);
  };
  try {
    await createWholeFolder(folder, makeRoom, async (temporary) => {
      for (const [name, bytes] of files) writeFileSync(join(temporary, name), bytes);
    });
  } finally {
    if (replaced !== undefined && !existsSync(folder)) renameSync(replaced, folder);
    else if (replaced !== undefined) rmSync(replaced, {recursive: true, force: true});
  }
  return {files: names, bytes: [...files.values()].reduce((sum, {length}) => sum + length, 0)};
}

/** @throws RiceError OUTPUT_EXISTS where a folder has something else in it */
function requireNothingBut(names: readonly string[], folder: string): void {
  let other: string | undefined;
  try {
    if (existsSync(folder)) other = readdirSync(folder).find((name) => !names.includes(name));
  } catch (error) {
    throw fromFileSystemError(error, folder, 'write');
  }
  if (other !== undefined) throw new RiceError('OUTPUT_EXISTS', `${folder} is not empty: it has ${other}`);
}

function filesOf({path, bytes, metadata, sha256}: ModelFile): Files {
  if (!metadata)
    throw new RiceError(
      'MODEL_METADATA',
      `${path} was not written by rice: the page would not know how pictures are prepared for it`,
      {
        suggestions: [
          'Name an .onnx file written by rice train. Other models run on the command line and in rice serve.',
        ],
      },
    );
  const {name, version: modelVersion, labels} = metadata;
  const model = {name, version: modelVersion, sha256, labels};
  const parts: Files = new Map([
    [PARTS.model, bytes],
    [PARTS.worker, built('exporting', 'web', 'worker.js')],
    [PARTS.runtime, built('exporting', 'web', 'onnxruntime.wasm')],
    [PARTS.kernels, built('image', 'kernels.wasm')],
  ]);
  const beside: Files = new Map([
    ...[...ICONS].map(([side, name]) => [name, drawIcon(side)] as const),
    ['manifest.webmanifest', Buffer.from(webManifest(metadata))],
    ['licenses.txt', built('exporting', 'web', 'licenses.txt')],
  ]);
  const render = (version: string) => renderPage({version, files: describe(parts), model}, metadata);
  const version = hash('sha256', render('') + JSON.stringify(describe(beside)));
  const files: Files = new Map([['index.html', Buffer.from(render(version))], ...parts, ...beside]);
  return files.set('service-worker.js', serviceWorker(version, files));
}

function renderPage(exported: Exported, metadata: RiceMetadata): string {
  return renderWebPage(metadata, exported, built('exporting', 'web', 'page.js').toString());
}

/** It knows all files by their digests, so that it never keeps those of another export. */
function serviceWorker(version: string, files: Files): Uint8Array {
  const script = built('exporting', 'web', 'service-worker.js');
  return Buffer.from(`const EXPORTED = ${JSON.stringify({version, files: describe(files)})};\n${script}`);
}

function describe(files: Files): Record<string, ExportedFile> {
  const entries = [...files].map(([name, bytes]) => {
    const integrity = `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
    return [name, {integrity, bytes: bytes.length}] as const;
  });
  return Object.fromEntries(entries);
}

/** A file that the build made. */
function built(...path: string[]): Buffer {
  return readFileSync(join(packageRoot(), 'dist', ...path));
}
