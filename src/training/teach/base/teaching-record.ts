/**
 * What a model file says of itself so that others can be made from it: which values of its graph are what the network computes,
 * and how the grains of its training look to it. It is an entry of metadata_props, so that the graph stays as it is.
 */
import type {Graph} from '../../../onnx/graph.ts';
import type {Value} from '../../../onnx/types.ts';
import type {NetworkOutputs} from '../../networks/network.ts';
import type {EncodedPopulation} from './population.ts';

/** The key of the entry. */
export const TEACHING_KEY = 'rice.teaching';
export const TEACHING_FORMAT = 1;

/** A value of a graph, and its shape without the first dimension, the number of images. */
export interface NamedValue {
  name: string;
  shape: number[];
}

export interface TaughtValues {
  features: NamedValue;
  logits: NamedValue;
  embedding: NamedValue;
  capture?: NamedValue;
  outline?: NamedValue;
  /** What a classifier of other labels is fitted to. */
  vectors: NamedValue[];
  maps: NamedValue[];
}

export interface TeachingRecord {
  format: typeof TEACHING_FORMAT;
  values: TaughtValues;
  /** See `Calibration`. */
  changedTemperature?: number;
  population: EncodedPopulation;
}

/** The names of what a network computes, in the graph of a model. */
export function nameValues(graph: Graph, outputs: NetworkOutputs): TaughtValues {
  const named = (value: Value): NamedValue => ({name: graph.nameOf(value), shape: value.shape.slice(1) as number[]});
  const {features, logits, embedding, capture, outline, taught = {vectors: [features], maps: []}} = outputs;
  return {
    features: named(features),
    logits: named(logits),
    embedding: named(embedding),
    ...(capture ? {capture: named(capture)} : {}),
    ...(outline ? {outline: named(outline)} : {}),
    vectors: taught.vectors.map(named),
    maps: taught.maps.map(named),
  };
}
