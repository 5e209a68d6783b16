import {readFileSync, statSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import type {Description} from './description.ts';
import {parseDescription} from './parse-description.ts';

/** A hundred times what a thousand labels take; a larger file is not a description. */
const MAX_BYTES = 4_000_000;

/** Paths of a model's JSON file, in search order: X.json, X.onnx.json. */
export function descriptionPaths(model: string): string[] {
  const paths = [`${model.replace(/\.onnx$/i, '')}.json`, `${model}.json`];
  return [...new Set(paths)];
}

/**
 * Finds and reads the JSON file beside a model; undefined if there is none.
 *
 * @throws RiceError MODEL_DESCRIPTION, PATH_NOT_READABLE
 */
export function findDescription(model: string): Description | undefined {
  for (const path of descriptionPaths(model)) {
    const text = readText(path);
    if (text !== undefined) return parseDescription(text, path, model);
  }
  return undefined;
}

function readText(path: string): string | undefined {
  try {
    const stats = statSync(path, {throwIfNoEntry: false});
    if (!stats) return undefined;
    if (!stats.isFile()) throw new RiceError('MODEL_DESCRIPTION', `${path} is not a file`);
    if (stats.size > MAX_BYTES) throw new RiceError('MODEL_DESCRIPTION', `${path} has more than ${MAX_BYTES / 1e6} MB`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}
