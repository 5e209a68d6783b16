import {writeFileSync} from 'node:fs';
import type {Frame} from '../../src/image/frame.ts';
import {PREPARATION_VERSION} from '../../src/image/prepare.ts';
import {METADATA_KEY, type RiceResize} from '../../src/model/metadata.ts';
import type {Reason} from '../../src/model/rejection.ts';
import {Graph} from '../../src/onnx/graph.ts';
import {encodeModel} from '../../src/onnx/model.ts';
import type {Value} from '../../src/onnx/types.ts';
import {drawFrame, drawGrain, encodeJpeg, type GrainDrawing} from '../helpers/images.ts';

export const LABELS = ['Blue', 'Red'];

/** A model that tells red grains from blue ones by their mean color, and answers "unknown" for grey ones. */
export function writeColorModel(path: string, name = 'color', resize: RiceResize = 'aligned-grain'): void {
  const {graph} = colorGraph();
  const about = metadata(name);
  writeModel(path, graph, {...about, input: {...about.input, resize}});
}

/**
 * The same with scores from the pixels of the window: green raises the novelty score, brightness the capture score, and red
 * the strangeness, where it is asked for.
 *
 * @param unknown thresholds besides the confidence threshold
 */
export function writeScoringModel(path: string, unknown: object = THRESHOLDS, {strangeness = false} = {}): void {
  const {graph, features} = colorGraph();
  const channel = (...weights: [number, number, number]) => {
    const product = graph.node('MatMul', [features, graph.constant(Float32Array.of(...weights), [3, 1])]);
    return graph.node('Reshape', [product, graph.integers(-1)]);
  };
  graph.output('novelty', channel(0, 1, 0));
  if (strangeness) graph.output('strangeness', channel(1, 0, 0));
  graph.output('capture', graph.node('ReduceMean', [features], {axes: [1], keepdims: 0}));
  const about = metadata('scoring');
  writeModel(path, graph, {...about, unknown: {...about.unknown, ...unknown}});
}

/** Channel means over the window. In the pictures of `grainJpeg`, a fifth of the window is grain. */
const THRESHOLDS = {novelty: 20, capture: 12};

function colorGraph(): {graph: Graph; features: Value} {
  const graph = new Graph();
  const image = graph.input('image', 'uint8', ['N', 56, 120, 3]);
  const features = graph.node('ReduceMean', [graph.node('Cast', [image], {to: 1})], {axes: [1, 2], keepdims: 0});
  const weights = graph.constant(Float32Array.of(-0.5, 0.5, 0, 0, 0.5, -0.5), [3, 2]);
  const probabilities = graph.node('Softmax', [graph.node('MatMul', [features, weights])], {axis: 1});
  graph.output('probabilities', probabilities);
  graph.output('features', features);
  return {graph, features};
}

function writeModel(path: string, graph: Graph, about: object): void {
  writeFileSync(path, encodeModel(graph.toProto('color'), {[METADATA_KEY]: JSON.stringify(about)}));
}

function metadata(name: string) {
  return {
    schema: 1,
    name,
    version: '0.1.0',
    labels: LABELS,
    input: {width: 120, height: 56, resize: 'aligned-grain', preparation: PREPARATION_VERSION},
    temperature: 1,
    unknown: {confidence: 0.9},
    training: {split: {seed: 1, fractions: {train: 0.5, validation: 0.25, test: 0.25}}},
    accuracy: {validation: {images: 1, accuracy: 1}},
  };
}

const COLORS = {
  Red: [230, 20, 20],
  Blue: [20, 20, 230],
  Grey: [120, 120, 120],
  Green: [20, 230, 20],
  Purple: [230, 10, 230],
  DarkPurple: [70, 0, 70],
} as const;
export type Color = keyof typeof COLORS;

/** A JPEG of one grain on black; each seed gives different bytes. */
export function grainJpeg(color: Color, seed = 1): Buffer {
  const drawing = {size: 120, length: 70, width: 26, angle: (seed * 37) % 180, seed, noise: 3};
  return encodeJpeg(drawGrain({...drawing, color: COLORS[color]}));
}

/** Two pictures laid over each other: of each pixel the brighter. */
function together(a: Frame, b: Frame): Frame {
  return {...a, data: a.data.map((level, i) => Math.max(level, b.data[i]))};
}

/** The mean of the pixels up to `reach` rows and columns away. */
function blurred({width, height, data}: Frame, reach: number): Frame {
  const smeared = (levels: Uint8Array, step: number, count: (pixel: number) => number, end: number) =>
    levels.map((_, i) => {
      const at = count(Math.floor(i / 3));
      const [from, to] = [Math.max(-reach, -at), Math.min(reach, end - 1 - at)];
      let sum = 0;
      for (let d = from; d <= to; d++) sum += levels[i + d * step];
      return sum / (to - from + 1);
    });
  const across = smeared(data, 3, (pixel) => pixel % width, width);
  return {width, height, data: smeared(across, 3 * width, (pixel) => Math.floor(pixel / width), height)};
}

/** One picture per rejection reason for the model of `writeScoringModel`, and one without a reason. */
export function reasonPictures(): Record<Reason | 'none', Buffer> {
  const draw = (drawing: Partial<GrainDrawing>) =>
    drawGrain({size: 200, length: 70, width: 26, color: COLORS.Red, ...drawing});
  const upper = draw({x: 55, y: 60, color: COLORS.Green});
  const lower = draw({x: 140, y: 140, color: COLORS.Green, angle: 40});
  const crumb = {length: 16, width: 16, angle: 0};
  return {
    'no grain': encodeJpeg(drawFrame(120, 120, () => [20, 230, 20])),
    'several grains': encodeJpeg(together(upper, lower)),
    'something else in the picture': encodeJpeg(together(draw({}), draw({length: 24, width: 24, x: 160, y: 40}))),
    'out of frame': encodeJpeg(draw({x: 12})),
    'touching something': encodeJpeg(together(draw({}), draw({...crumb, x: 106, y: 81}))),
    'too small': encodeJpeg(draw({length: 20, width: 10})),
    overexposed: encodeJpeg(draw({color: [255, 255, 255]})),
    'too blurred': encodeJpeg(blurred(draw({color: COLORS.Green}), 4)),
    'not one of the known varieties': grainJpeg('Green'),
    'capture too different to be sure': grainJpeg('Purple'),
    'low confidence': grainJpeg('DarkPurple'),
    none: grainJpeg('Red'),
  };
}
