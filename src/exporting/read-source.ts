import {existsSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {readModelFile, shippedModel} from '../model/model-file.ts';
import {RUN_MODEL_FILE} from '../model/model-path.ts';
import {MANIFEST_FILE} from '../training/artifact/manifest.ts';
import {ARTIFACT_FOLDER} from '../training/run/run-folder.ts';
import type {ExportSource} from './types.ts';

/** The name of the model that comes with rice. */
const SHIPPED = 'rice';

/**
 * Reads the model to export.
 *
 * @param named `rice` for the one that comes with rice, a model file, the folder of a run, or what else `--model` takes
 * @throws RiceError EXPORT_IMPOSSIBLE for one of another tool, or one that was exported; and as `readModelFile`
 */
export function readSource(named: string): ExportSource {
  const {metadata, ...file} = readModelFile(named === SHIPPED ? shippedModel() : named);
  if (!metadata)
    throw new RiceError(
      'EXPORT_IMPOSSIBLE',
      `${file.path} was not written by rice, which knows nothing of its inside`,
      {
        suggestions: ['Export it with the tool that it comes from: docs/export-a-model.md.'],
      },
    );
  if (metadata.export)
    throw new RiceError(
      'EXPORT_IMPOSSIBLE',
      `${file.path} is an export itself, in the format ${metadata.export.format}`,
      {
        suggestions: ['Name the model that it was made of: what was lost in one export would be lost twice.'],
      },
    );
  return {file: {...file, metadata}, ...defined({run: runOf(file.path)})};
}

function runOf(path: string): string | undefined {
  const folder = dirname(path);
  const hasArtifact = basename(path) === RUN_MODEL_FILE && existsSync(join(folder, ARTIFACT_FOLDER, MANIFEST_FILE));
  return hasArtifact ? folder : undefined;
}
