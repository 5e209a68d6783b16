/**
 * A model file's own digest: SHA-256 of all its other bytes, as an entry of metadata_props. It tells a file that was damaged
 * (weights, graph or metadata) from one that is as it was written.
 */
import {createHash} from 'node:crypto';
import {decodeMessage, encodeMessage, fieldRanges} from './protobuf.ts';
import {MODEL_HEADER, type ModelProto} from './schema.ts';

/** The key of metadata_props under which the digest stands. */
export const SEAL_KEY = 'rice.sha256';

/** The field of ModelProto that metadata_props are. */
const METADATA_PROPS = 14;

/** Adds the digest to a model file; one that it has already is replaced. */
export function sealModel(bytes: Uint8Array): Uint8Array {
  const {sha256, rest} = withoutSeal(bytes);
  const entry = encodeMessage({metadataProps: [{key: SEAL_KEY, value: sha256}]}, MODEL_HEADER);
  return Buffer.concat([...rest, entry]);
}

/**
 * Whether a model file is as it was written; undefined where it does not tell.
 *
 * @throws RangeError where the bytes are not protobuf
 */
export function isIntact(bytes: Uint8Array): boolean | undefined {
  const {sha256, stated} = withoutSeal(bytes);
  return stated === undefined ? undefined : stated === sha256;
}

function withoutSeal(bytes: Uint8Array): {sha256: string; stated: string | undefined; rest: Uint8Array[]} {
  const digest = createHash('sha256');
  const rest: Uint8Array[] = [];
  let stated: string | undefined;
  for (const {number, start, end} of fieldRanges(bytes)) {
    const field = bytes.subarray(start, end);
    const value = number === METADATA_PROPS ? sealIn(field) : undefined;
    if (value !== undefined) stated = value;
    else {
      digest.update(field);
      rest.push(field);
    }
  }
  return {sha256: digest.digest('hex'), stated, rest};
}

function sealIn(field: Uint8Array): string | undefined {
  const {metadataProps} = decodeMessage(field, MODEL_HEADER) as unknown as Partial<ModelProto>;
  const [entry] = metadataProps ?? [];
  return entry?.key === SEAL_KEY ? (entry.value ?? '') : undefined;
}
