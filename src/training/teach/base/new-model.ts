import type {GraphProto} from '../../../onnx/schema.ts';
import type {BaseModel} from './base-model.ts';
import {baseName} from './join-graphs.ts';
import {encodePopulation, type Population} from './population.ts';
import {type NamedValue, TEACHING_FORMAT, type TeachingRecord} from './teaching-record.ts';

/** A model made of another one. */
export interface NewModel {
  graph: GraphProto;
  /** The name of its logits in the graph. */
  logits: string;
  population: Population;
  changedTemperature?: number;
}

/** What the new model says of itself, so that others can be made of it in turn. */
export function recordOf(
  {record: {values}}: BaseModel,
  {logits, population, changedTemperature}: NewModel,
  classes: number,
): TeachingRecord {
  const renamed = ({name, shape}: NamedValue): NamedValue => ({name: baseName(name), shape});
  const {capture, outline} = values;
  return {
    format: TEACHING_FORMAT,
    values: {
      features: renamed(values.features),
      logits: {name: logits, shape: [classes]},
      embedding: renamed(values.embedding),
      ...(capture ? {capture: renamed(capture)} : {}),
      ...(outline ? {outline: renamed(outline)} : {}),
      vectors: values.vectors.map(renamed),
      maps: values.maps.map(renamed),
    },
    ...(changedTemperature === undefined ? {} : {changedTemperature}),
    population: encodePopulation(population),
  };
}
