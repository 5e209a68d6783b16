/** Fits a model of other labels to what the network of a base model computes of pictures. */
import {fitTemperature} from '../../evaluation/temperature.ts';
import type {Thresholds} from '../../model/rejection.ts';
import {rejectionOf} from '../../model/rejection.ts';
import {addScores, type Calibration} from '../graphs/model-graph.ts';
import {BaseInputs, type BaseModel, descriptorOf} from './base/base-model.ts';
import type {NewModel} from './base/new-model.ts';
import {fitPopulation} from './base/population.ts';
import {fitDiscriminant, ScatterSums} from './fit/discriminant.ts';
import {fitFewDistances} from './fit/few-distances.ts';
import {chooseFewThresholds} from './fit/few-thresholds.ts';
import {type HeldAccuracy, heldAccuracy} from './fit/held-accuracy.ts';
import {type LinearHead, logitsOf} from './fit/linear-head.ts';
import {type MeasuredViews, plainRows, widthOf} from './pictures/measure-views.ts';

/** Of these the one is taken with which answers without the fold are best: least negative log-likelihood. */
const SHRINKAGES = [0.05, 0.1, 0.2, 0.4];

export interface Pictures {
  labels: readonly string[];
  /** The group and the fold of each picture. */
  groups: readonly string[];
  folds: readonly number[];
}

/** The model, and how well it does what it learnt. */
export interface Taught {
  model: NewModel;
  held: HeldAccuracy;
  thresholds: Thresholds;
  temperature: number;
  shrinkage: number;
  head: LinearHead;
}

export function teachLabels(base: BaseModel, measured: MeasuredViews, {labels, groups, folds}: Pictures): Taught {
  const {head, logits, shrinkage} = fitHead(measured, labels.length, folds);
  const {labels: truth} = measured;
  const {temperature} = fitTemperature(logits, truth);
  const answers = answersOf(logits, labels.length, temperature);
  const {distances, held} = fitFewDistances(measured, folds);
  const right = truth.map((label, i) => answers.given[i] === label);
  const thresholds = chooseFewThresholds(answers.confidences, right, measured.rows.capture !== undefined);
  const accepted = truth.map((_, i) => {
    const scores = Object.fromEntries(Object.entries(held).map(([name, values]) => [name, values[i]]));
    return rejectionOf({confidence: answers.confidences[i], ...scores}, thresholds) === undefined;
  });
  const calibration: Calibration = {temperature, ...distances};
  return {
    model: modelOf(base, measured, head, calibration),
    held: heldAccuracy({labels, truth, given: answers.given, accepted, groups, folds: new Set(folds).size}),
    thresholds,
    temperature,
    shrinkage,
    head,
  };
}

/** The head of the best shrinkage, fitted to all pictures, and for each picture the logits of one fitted without its fold. */
function fitHead(measured: MeasuredViews, classes: number, folds: readonly number[]) {
  const dimensions = widthOf(measured, 'descriptor');
  const rows = measured.rows.descriptor;
  const count = Math.max(...folds) + 1;
  const sums = Array.from({length: count}, () => new ScatterSums(dimensions, classes));
  for (let view = 0; view < measured.views; view++) {
    for (let picture = 0; picture < measured.count; picture++) {
      const at = (view * measured.count + picture) * dimensions;
      sums[folds[picture]].add(rows.subarray(at, at + dimensions), measured.labels[picture]);
    }
  }
  const without = (left: number | undefined): ScatterSums => {
    const total = new ScatterSums(dimensions, classes);
    sums.forEach((each, fold) => {
      if (fold !== left) total.addAll(each);
    });
    return total;
  };
  const rest = sums.map((_, fold) => without(fold));
  const plain = plainRows(measured, 'descriptor');
  const tried = SHRINKAGES.map((shrinkage) => {
    const logits = new Float64Array(measured.count * classes);
    rest.forEach((each, fold) => {
      const head = fitDiscriminant(each, shrinkage);
      for (let picture = 0; picture < measured.count; picture++) {
        if (folds[picture] !== fold) continue;
        logits.set(logitsOf(head, plain.subarray(picture * dimensions, (picture + 1) * dimensions)), picture * classes);
      }
    });
    return {shrinkage, logits, loss: fitTemperature(logits, measured.labels).nllAfter};
  });
  const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a));
  return {...best, head: fitDiscriminant(without(undefined), best.shrinkage)};
}

/** The most probable label of each row, and its probability. */
export function answersOf(logits: Float64Array, classes: number, temperature: number) {
  const given: number[] = [];
  const confidences: number[] = [];
  for (let start = 0; start < logits.length; start += classes) {
    const row = [...logits.subarray(start, start + classes)];
    const highest = Math.max(...row);
    given.push(row.indexOf(highest));
    confidences.push(1 / row.reduce((sum, value) => sum + Math.exp((value - highest) / temperature), 0));
  }
  return {given, confidences};
}

function modelOf(base: BaseModel, measured: MeasuredViews, head: LinearHead, calibration: Calibration): NewModel {
  const inputs = new BaseInputs();
  const {graph} = inputs;
  const {values} = base.record;
  const weights = graph.constant(Float32Array.from(head.weights), [head.dimensions, head.classes]);
  const bias = graph.constant(Float32Array.from(head.bias));
  const logits = graph.node('Gemm', [descriptorOf(inputs, base.record), weights, bias]);
  const outputs = {
    logits,
    features: inputs.value(values.features),
    embedding: inputs.value(values.embedding),
    ...(values.capture ? {capture: inputs.value(values.capture)} : {}),
    ...(values.outline ? {outline: inputs.value(values.outline)} : {}),
  };
  addScores(graph, outputs, calibration);
  const {rows, labels, views} = measured;
  const everyView = Array.from({length: views}, () => labels).flat();
  const own = logitsOf(head, rows.descriptor);
  const population = fitPopulation(
    {...rows, features: rows.features, logits: Float32Array.from(own)},
    everyView,
    head.classes,
  );
  return {graph: inputs.behind(base.graph), logits: graph.nameOf(logits), population};
}
