import {existsSync, readdirSync, statSync} from 'node:fs';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {checkWritable} from '../common/files/atomic-file.ts';
import {FORMATS, type FormatName} from './formats.ts';
import {openPictures} from './pictures/export-pictures.ts';
import {checkCard, type Published, publish} from './publish.ts';
import {readSource} from './read-source.ts';
import type {SigningKey} from './signing/keys.ts';
import type {ExportEvents, ExportFormat, Written} from './types.ts';

export interface ExportOptions {
  /** What `--model` of other commands takes, or `rice` for the model that comes with rice. */
  model: string;
  format: FormatName;
  /** Where to write it; named after the model, in the current folder, if left out. */
  output?: string;
  /** Replaces what is there. */
  force?: boolean;
  /** A folder of labeled pictures; by default those that the run keeps. */
  data?: string;
  /** Writes a card beside it, or into it. */
  card?: {license?: string};
  /** Signs it. */
  key?: SigningKey;
}

export interface ExportResult extends Written, Published {
  model: {name: string; version: string; sha256: string};
  /** The model file that was exported, and its size. */
  source: {path: string; bytes: number};
  format: FormatName;
  output: string;
  seconds: number;
}

/**
 * Writes a model in a format of others.
 *
 * @throws RiceError OUTPUT_EXISTS, EXPORT_IMPOSSIBLE, QUANTIZATION_REFUSED; as `readSource`, `openPictures` and the format;
 *   the signal's reason
 */
export async function exportModel(
  {model, format, output, force = false, data, card, key}: ExportOptions,
  events: ExportEvents,
  signal: AbortSignal,
): Promise<ExportResult> {
  const started = performance.now();
  const source = readSource(model);
  const {path, bytes, sha256, metadata} = source.file;
  const {extension, write, isFolder = false, isModel = true}: ExportFormat = FORMATS[format];
  const target = output ?? `${fileName(metadata.name)}${extension}`;
  if (isFolder) checkFolder(target, force);
  else checkTarget(target, path, force);
  if (card) checkCard(target, isFolder, force);
  const pictures = () => openPictures(source, data, events, signal);
  const written = await write({source, output: target, force, pictures, events, signal});
  const {name, version} = metadata;
  const of = {model: isModel ? target : path, metadata, ...defined({run: source.run})};
  const published = publish({output: target, ...of, ...defined({card, key})});
  return {
    model: {name, version, sha256},
    source: {path, bytes: bytes.length},
    format,
    output: target,
    ...written,
    ...published,
    seconds: (performance.now() - started) / 1000,
  };
}

/** What else is wrong with a folder is told by whoever writes it. */
function checkFolder(target: string, force: boolean): void {
  if (target === '-')
    throw new RiceError('USAGE', 'a folder is not written to standard output', {
      suggestions: ['Name a folder with --output.'],
    });
  if (!force && existsSync(target) && !(statSync(target).isDirectory() && readdirSync(target).length === 0))
    throw new RiceError('OUTPUT_EXISTS', `${target} already exists`);
}

function checkTarget(target: string, source: string, force: boolean): void {
  if (target === '-')
    throw new RiceError('USAGE', 'a model is not written to standard output', {
      suggestions: ['Name a file with --output.'],
    });
  if (existsSync(target)) {
    const [written, read] = [statSync(target), statSync(source)];
    if (written.dev === read.dev && written.ino === read.ino)
      throw new RiceError('USAGE', `${target} is the model that is exported, and would be replaced`, {
        suggestions: ['Name another file with --output.'],
      });
    if (!force) throw new RiceError('OUTPUT_EXISTS', `${target} already exists`);
  }
  checkWritable(target);
}

/** A model's name without what no file name may have. */
function fileName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '') || 'model';
}
