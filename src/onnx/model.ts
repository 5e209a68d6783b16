/** ONNX model files: bytes to and from messages. */
import {decodeMessage, encodeMessage} from './protobuf.ts';
import {type GraphProto, MODEL, MODEL_HEADER, MODEL_OUTPUTS, type ModelProto, type ValueInfoProto} from './schema.ts';

/** Written into every file; ONNX Runtime of 2021 (1.10) and later read it. */
export const IR_VERSION = 8;
export const OPSET_VERSION = 17;

/** Serialises a graph as a model file of standard operators, with `metadata` as its metadata_props. */
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

/** Reads a whole model file. Throws a RangeError where the bytes are not protobuf. */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return decodeMessage(bytes, MODEL) as unknown as ModelProto;
}

/** Reads what a model file's graph gives, without its nodes; undefined where the bytes are no ONNX model. */
export function readOutputs(bytes: Uint8Array): ValueInfoProto[] | undefined {
  return orUndefined(() => {
    const {graph} = decodeMessage(bytes, MODEL_OUTPUTS) as {graph?: unknown};
    return (graph as Partial<GraphProto> | undefined)?.output ?? [];
  });
}

/** Reads a model file's metadata_props without walking through its graph; undefined where the bytes are no ONNX model. */
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
