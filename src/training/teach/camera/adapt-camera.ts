/** Makes a model for another camera: the same labels, right and accepted under both. */
import {fitTemperature} from '../../../evaluation/temperature.ts';
import {rejectionOf, type Scores} from '../../../model/rejection.ts';
import {encodeModel} from '../../../onnx/model.ts';
import {tensorProto} from '../../../onnx/tensor.ts';
import type {Value} from '../../../onnx/types.ts';
import {inverseTemperature} from '../../graphs/model-graph.ts';
import {concatenate} from '../../operators/concatenate.ts';
import {quantile} from '../../scores/quantile.ts';
import {BaseInputs, type BaseModel} from '../base/base-model.ts';
import {baseName, repeatNodes} from '../base/join-graphs.ts';
import type {NewModel} from '../base/new-model.ts';
import {type HeldAccuracy, heldAccuracy} from '../fit/held-accuracy.ts';
import {type LinearHead, logitsOf} from '../fit/linear-head.ts';
import {type MeasuredViews, plainRows} from '../pictures/measure-views.ts';
import {answersOf, type Pictures} from '../teach-labels.ts';
import {fitCameraCorrection, rowsAndLogits} from './camera-correction.ts';
import type {CameraShift} from './camera-shift.ts';

/** The share of the camera's pictures that no score may reject, and how much farther others may be. */
const KNOWN = 0.98;
const MARGIN = 1.2;

export interface Adapted {
  model: NewModel;
  held: HeldAccuracy;
  temperature: number;
  head: LinearHead;
}

/** Runs a model over the pictures as they are: each score by its name. */
export type RunScores = (model: Uint8Array) => Promise<Record<string, Float32Array>>;

/** @param run measures the pictures that `measured` is of */
export async function adaptToCamera(
  base: BaseModel,
  measured: MeasuredViews,
  {labels, groups, folds}: Pictures,
  seed: number,
  run: RunScores,
): Promise<Adapted> {
  const {population, metadata, record} = base;
  const classes = labels.length;
  const dimensions = population.sizes.features + population.sizes.capture;
  const {head, shift} = fitCameraCorrection(population, measured, () => true, seed);
  const logits = new Float64Array(measured.count * classes);
  const asTheyAre = {...measured, views: 1, rows: plain(measured)};
  for (const fold of new Set(folds)) {
    const without = fitCameraCorrection(population, measured, (picture) => folds[picture] !== fold, seed);
    const own = rowsAndLogits(asTheyAre, (picture) => folds[picture] === fold, dimensions);
    const given = logitsOf(without.head, own.rows, own.logits);
    own.pictures.forEach((picture, row) => {
      logits.set(given.subarray(row * classes, (row + 1) * classes), picture * classes);
    });
  }
  const temperature = Math.max(metadata.temperature, fitTemperature(logits, measured.labels).temperature);
  const temperatures = {
    temperature,
    changedTemperature: Math.max(temperature, record.changedTemperature ?? temperature),
  };
  const distant = await run(encodeModel(cameraModel(base, head, shift, temperatures, undefined).graph));
  const units = Object.fromEntries(
    base.scores.map((score) => [score, Math.max(1, quantile(distant[score], KNOWN) * MARGIN)]),
  );
  const made = cameraModel(base, head, shift, temperatures, units);
  const scores = await run(encodeModel(made.graph));
  const {given, confidences} = answersOf(logits, classes, temperature);
  const accepted = given.map((_, i) => {
    const own = Object.fromEntries(base.scores.map((score) => [score, scores[score][i]]));
    const judged: Scores = {confidence: confidences[i], ...own};
    return rejectionOf(judged, metadata.unknown) === undefined;
  });
  return {
    model: {...made, population, changedTemperature: temperatures.changedTemperature},
    held: heldAccuracy({labels, truth: measured.labels, given, accepted, groups, folds: new Set(folds).size}),
    temperature,
    head,
  };
}

function plain(measured: MeasuredViews): Record<string, Float32Array> {
  return Object.fromEntries(Object.keys(measured.rows).map((name) => [name, plainRows(measured, name)]));
}

/**
 * The graph: the base's logits and the correction; and for each score the lesser of the base's own and of the same with what the
 * camera does taken away. Without units there are only the latter.
 */
function cameraModel(
  base: BaseModel,
  head: LinearHead,
  shift: CameraShift,
  temperatures: {temperature: number; changedTemperature: number},
  units: Record<string, number> | undefined,
): Pick<NewModel, 'graph' | 'logits'> {
  const {values} = base.record;
  const replaced = new Map<string, string>();
  const unshifted = (['embedding', 'capture', 'outline'] as const).flatMap((part) => {
    const [value, by] = [values[part], shift[part]];
    if (!value || !by) return [];
    const [from, to] = [baseName(value.name), `camera.${part}`];
    replaced.set(from, to);
    const constant = tensorProto(`camera.shift.${part}`, Float32Array.from(by), [by.length]);
    return [{constant, node: {name: to, opType: 'Sub', input: [from, constant.name], output: [to], attribute: []}}];
  });
  const wanted = base.scores.map((score) => baseName(score));
  const repeated = repeatNodes(base.graph, replaced, wanted, 'camera.');
  const extended = {
    ...base.graph,
    node: [...base.graph.node, ...unshifted.map(({node}) => node), ...repeated.node],
    initializer: [...base.graph.initializer, ...unshifted.map(({constant}) => constant)],
  };
  const inputs = new BaseInputs();
  const {graph} = inputs;
  const scores = new Map<string, Value>();
  base.scores.forEach((score, i) => {
    const own = inputs.named(repeated.values[i], []);
    const scaled = graph.node('Mul', [own, graph.scalar(1 / (units?.[score] ?? 1))]);
    scores.set(score, units ? graph.node('Min', [scaled, inputs.named(baseName(score), [])]) : scaled);
  });
  const features = inputs.value(values.features);
  const known = values.capture ? concatenate(graph, [features, inputs.value(values.capture)], 1) : features;
  const weights = graph.constant(Float32Array.from(head.weights), [head.dimensions, head.classes]);
  const added = graph.node('Gemm', [known, weights, graph.constant(Float32Array.from(head.bias))]);
  const logits = graph.node('Add', [added, inputs.value(values.logits)]);
  const inverse = inverseTemperature(graph, temperatures, scores.get('capture'));
  graph.output('probabilities', graph.node('Softmax', [graph.node('Mul', [logits, inverse])], {axis: 1}));
  graph.output('features', features);
  for (const [name, value] of scores) graph.output(name, value);
  return {graph: inputs.behind(extended), logits: graph.nameOf(logits)};
}
