import {RiceError} from '../common/errors.ts';
import type {Device} from './devices.ts';
import {ExternalAdapter} from './external/external-adapter.ts';
import {descriptionPaths, findDescription} from './external/find-description.ts';
import {describeValues} from './external/signature.ts';
import type {ModelAdapter} from './model-adapter.ts';
import {type ModelFile, readModelFile} from './model-file.ts';
import {explainModel} from './model-path.ts';
import {type OpenOptions, openSession} from './open-session.ts';
import {RiceAdapter} from './rice-adapter.ts';

export interface OpenModel {
  adapter: ModelAdapter;
  device: Device;
  /** SHA-256 of the .onnx file. */
  sha256: string;
  /** See `mayLoop`. */
  mayLoop: boolean;
  release(): Promise<void>;
}

/**
 * Opens a model: rice's own with the metadata in the file, an external one with the JSON file beside it.
 *
 * @throws RiceError MODEL_NOT_FOUND, PATH_NOT_READABLE, MODEL_INVALID, MODEL_DAMAGED, MODEL_METADATA, MODEL_DESCRIPTION,
 *   or DEVICE_UNAVAILABLE for a device that was named
 */
export async function openModel(named: string, options: OpenOptions): Promise<OpenModel> {
  const file = readModelFile(named);
  const {path, metadata, sha256} = file;
  const explanation = explainModel(named, path);
  if (explanation) options.onWarning?.(explanation);
  const description = metadata ? undefined : findDescription(path);
  if (!metadata && !description) throw await missingDescription(file);
  const {session, device} = await openSession(file, options);
  const release = () => session.release();
  try {
    const adapter = metadata
      ? new RiceAdapter(metadata, file.outputs, session, path)
      : new ExternalAdapter(description!, session, path, options.onWarning ?? (() => {}));
    return {adapter, device, sha256, mayLoop: file.mayLoop, release};
  } catch (error) {
    await release();
    throw error;
  }
}

/** The error that says where a description was searched for, and what its author must know about the graph. */
async function missingDescription(file: ModelFile): Promise<RiceError> {
  const {path} = file;
  const paths = descriptionPaths(path);
  const {session} = await openSession(file, {device: 'cpu', threads: 1});
  const values = describeValues(session);
  await session.release();
  return new RiceError(
    'MODEL_METADATA',
    `${path} was not written by rice, and there is no ${paths.join(' or ')} to say how it is used. It has ${values}`,
    {
      suggestions: [`Write ${paths[0]}: labels, input size, resize, mean, std, output. See docs/external-models.md.`],
    },
  );
}
