import {createHash} from 'node:crypto';
import {RiceError} from '../common/errors.ts';
import {writeAtomically} from '../common/files/atomic-file.ts';
import {METADATA_KEY, type RiceMetadata} from '../model/metadata.ts';
import {readModelFile} from '../model/model-file.ts';
import {encodeModel} from '../onnx/model.ts';
import type {GraphProto} from '../onnx/schema.ts';
import {sealModel} from '../onnx/seal.ts';

/** A model file of another graph: the teaching record, which is of the values of the source's graph, is left out. */
export function encodeExport(graph: GraphProto, metadata: RiceMetadata): Uint8Array {
  return sealModel(encodeModel(graph, {[METADATA_KEY]: JSON.stringify(metadata)}));
}

/**
 * Writes a model file and reads it again.
 *
 * @throws RiceError PATH_NOT_WRITABLE, DISK_FULL; as `readModelFile` where it cannot be used
 */
export function writeModelFile(path: string, bytes: Uint8Array): {bytes: number; sha256: string} {
  const expected = createHash('sha256').update(bytes).digest('hex');
  writeAtomically(path, bytes, {durable: true});
  const {sha256} = readModelFile(path);
  if (sha256 !== expected) throw new RiceError('MODEL_DAMAGED', `${path} is not as it was written`);
  return {bytes: bytes.length, sha256};
}
