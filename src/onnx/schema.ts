/**
 * The ONNX messages that are encoded and decoded here, with the field numbers of onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, IR version 8).
 */
import type {Field, MessageType} from './protobuf.ts';

export interface AttributeProto {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  floats?: number[];
  ints?: number[];
}

export interface TensorProto {
  name: string;
  dims: number[];
  dataType: number;
  rawData: Uint8Array;
}

export interface NodeProto {
  name: string;
  opType: string;
  input: string[];
  output: string[];
  attribute?: AttributeProto[];
}

export interface DimensionProto {
  dimValue?: number;
  dimParam?: string;
}

export interface ValueInfoProto {
  name: string;
  type: {tensorType: {elemType: number; shape: {dim?: DimensionProto[]}}};
}

export interface GraphProto {
  name: string;
  node: NodeProto[];
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
}

export interface ModelProto {
  irVersion: number;
  producerName: string;
  producerVersion?: string;
  graph: GraphProto;
  opsetImport: {domain?: string; version: number}[];
  metadataProps?: {key: string; value: string}[];
}

const one = (number: number, kind: Field['kind']): Field => ({number, kind});
const many = (number: number, kind: Field['kind']): Field => ({number, kind, repeated: true});

const ATTRIBUTE: MessageType = () => ({
  name: one(1, 'string'),
  f: one(2, 'float'),
  i: one(3, 'int64'),
  s: one(4, 'bytes'),
  floats: many(7, 'float'),
  ints: many(8, 'int64'),
  type: one(20, 'int64'),
});

const TENSOR: MessageType = () => ({
  dims: many(1, 'int64'),
  dataType: one(2, 'int64'),
  name: one(8, 'string'),
  rawData: one(9, 'bytes'),
});

const NODE: MessageType = () => ({
  input: many(1, 'string'),
  output: many(2, 'string'),
  name: one(3, 'string'),
  opType: one(4, 'string'),
  attribute: many(5, ATTRIBUTE),
});

const DIMENSION: MessageType = () => ({dimValue: one(1, 'int64'), dimParam: one(2, 'string')});
const SHAPE: MessageType = () => ({dim: many(1, DIMENSION)});
const TENSOR_TYPE: MessageType = () => ({elemType: one(1, 'int64'), shape: one(2, SHAPE)});
const TYPE: MessageType = () => ({tensorType: one(1, TENSOR_TYPE)});
const VALUE_INFO: MessageType = () => ({name: one(1, 'string'), type: one(2, TYPE)});

const GRAPH: MessageType = () => ({
  node: many(1, NODE),
  name: one(2, 'string'),
  initializer: many(5, TENSOR),
  input: many(11, VALUE_INFO),
  output: many(12, VALUE_INFO),
});

const OPSET: MessageType = () => ({domain: one(1, 'string'), version: one(2, 'int64')});
const ENTRY: MessageType = () => ({key: one(1, 'string'), value: one(2, 'string')});

/** A whole model file. */
export const MODEL: MessageType = () => ({
  irVersion: one(1, 'int64'),
  producerName: one(2, 'string'),
  producerVersion: one(3, 'string'),
  graph: one(7, GRAPH),
  opsetImport: many(8, OPSET),
  metadataProps: many(14, ENTRY),
});

/** Only the inputs and outputs of a model, so that its nodes are not decoded. */
export const MODEL_INTERFACE: MessageType = () => ({
  graph: one(7, () => ({input: many(11, VALUE_INFO), output: many(12, VALUE_INFO)})),
});

/** Only the header of a model, so that its graph is not decoded. */
export const MODEL_HEADER: MessageType = () => ({
  irVersion: one(1, 'int64'),
  producerName: one(2, 'string'),
  opsetImport: many(8, OPSET),
  metadataProps: many(14, ENTRY),
});
