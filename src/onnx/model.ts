/** Encodes and decodes ONNX model files. */
import {decodeMessage, encodeMessage} from './protobuf.ts';
import {type GraphProto, MODEL, MODEL_HEADER, MODEL_INTERFACE, type ModelProto} from './schema.ts';

/** The IR version of every file; ONNX Runtime 1.10 (2021) and later can read it. */
export const IR_VERSION = 8;
export const OPSET_VERSION = 17;

/** Serializes a graph with standard operators as a model file, with `metadata` as its metadata_props. */
export function encodeModel(graph: GraphProto, metadata: Record<string, string> = {}): Uint8Array {
  const model: ModelProto = {
    irVersion: IR_VERSION,
    producerName: 'rice',
    graph,
    opsetImport: [{domain: '', version: OPSET_VERSION}],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({key, value})),
  };
  return encodeMessage(model, MODEL);
}

/** Decodes a whole model file. Throws a RangeError if the bytes are not protobuf. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return decodeMessage(bytes, MODEL) as unknown as ModelProto;
}

/** The inputs and outputs of a model file's graph. */
export type ModelInterface = Pick<GraphProto, 'input' | 'output'>;

/** Reads inputs and outputs of a model file without decoding its nodes; undefined if the bytes are not an ONNX model. */
export function readInterface(bytes: Uint8Array): ModelInterface | undefined {
  return orUndefined(() => {
    const {graph} = decodeMessage(bytes, MODEL_INTERFACE) as {graph?: unknown};
    const {input = [], output = []} = (graph ?? {}) as Partial<ModelInterface>;
    return {input, output};
  });
}

/** Reads the metadata_props of a model file without decoding its graph; undefined if the bytes are not an ONNX model. */
export function readMetadata(bytes: Uint8Array): Record<string, string> | undefined {
  return orUndefined(() => {
    const header = decodeMessage(bytes, MODEL_HEADER) as unknown as Partial<ModelProto>;
    if (!header.irVersion || !header.opsetImport?.length) return undefined;
    return Object.fromEntries((header.metadataProps ?? []).map(({key, value}) => [key, value ?? '']));
  });
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
