/**
 * Adds to a model file of rice, written before models said it of themselves, what others can be made of it by (see
 * src/training/teach/base/teaching-record.ts). Graph, weights and metadata stay as they are, byte for byte; the names of the
 * values are found by building the same graph again. The population is measured on training pictures.
 * Run: `npx tsx scripts/make-teachable.ts MODEL DATASET`
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {formatCount} from '../src/cli/format.ts';
import {cacheFolder} from '../src/common/files/cache-folder.ts';
import {buildPreparedCache} from '../src/dataset/cache/build-cache.ts';
import {hashDataset} from '../src/dataset/hash-dataset.ts';
import {scanDataset} from '../src/dataset/scan.ts';
import {splitDataset} from '../src/dataset/split.ts';
import {windowFromPatch} from '../src/image/window/window.ts';
import {readModelFile} from '../src/model/model-file.ts';
import {decodeModel, encodeModel} from '../src/onnx/model.ts';
import {encodeMessage} from '../src/onnx/protobuf.ts';
import {type GraphProto, MODEL_HEADER, type TensorProto} from '../src/onnx/schema.ts';
import {sealModel} from '../src/onnx/seal.ts';
import {type BuiltModel, buildModelGraph, FACE_COLUMNS, SIZE_COLUMNS} from '../src/training/graphs/model-graph.ts';
import {layoutOf} from '../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../src/training/networks/index.ts';
import {initialParameters, initialStatistics} from '../src/training/parameters.ts';
import type {ClassDistances} from '../src/training/scores/class-distances.ts';
import {withSession} from '../src/training/scores/run-over.ts';
import {baseGraph, baseName} from '../src/training/teach/base/join-graphs.ts';
import {encodePopulation, fitPopulation} from '../src/training/teach/base/population.ts';
import {
  nameValues,
  TEACHING_FORMAT,
  TEACHING_KEY,
  type TeachingRecord,
} from '../src/training/teach/base/teaching-record.ts';

const MOST_PICTURES = 6000;
/** The part of the range over which the other temperature comes to hold: see model-graph.ts. */
const TEMPERATURE_RANGE = 0.5;

const [path, folder] = process.argv.slice(2);
const {bytes, metadata, sha256: before} = readModelFile(path);
if (!metadata) throw new Error(`${path} is no model of rice`);
const {labels, input, training, temperature} = metadata;
const {graph} = decodeModel(bytes);
const rebuilt = rebuild(training.network as NetworkName);
requireSame(rebuilt.graph.toProto('rice'), graph);
const values = nameValues(rebuilt.graph, rebuilt.outputs);

const hashed = await hashDataset(scanDataset(folder), {cacheDir: cacheFolder()});
const {dataset, hashes} = hashed;
if (hashed.digest !== training.dataset.digest) throw new Error(`${folder} is not what ${path} was trained on`);
const cache = await buildPreparedCache({dataset, hashes, size: input, cacheDir: cacheFolder()});
const parts = splitDataset(dataset, hashes, training.split);
const trained = new Set(parts.train.map((index) => dataset.files[index].path));
const usable = Array.from({length: cache.count}, (_, i) => i).filter((i) => trained.has(cache.path(i)));
const chosen = Array.from({length: MOST_PICTURES}, (_, i) => usable[Math.floor((i * usable.length) / MOST_PICTURES)]);
const rows = await measured();
const population = fitPopulation(
  rows,
  chosen.map((i) => cache.label(i)),
  labels.length,
);
cache.close();
const record: TeachingRecord = {
  format: TEACHING_FORMAT,
  values,
  changedTemperature: changedTemperature(graph),
  population: encodePopulation(population),
};
const entry = encodeMessage({metadataProps: [{key: TEACHING_KEY, value: JSON.stringify(record)}]}, MODEL_HEADER);
writeFileSync(path, sealModel(Buffer.concat([bytes, entry])));
const after = readModelFile(path);
if (path === 'models/rice.onnx')
  for (const document of ['models/README.md', 'models/rice.training.json']) bringUpToDate(document);
process.stdout.write(`${path}: ${before} is now ${after.sha256}\n`);

/** The graph of the same network with calibrations of the same shape: its values have the same names. */
function rebuild(name: NetworkName): BuiltModel {
  const network = NETWORKS[name];
  const layout = layoutOf(network, input, labels.length);
  const [parameters, statistics] = [initialParameters(layout, 1), initialStatistics(layout)];
  const bare = buildModelGraph({network, layout, parameters, statistics}, input, labels.length, {temperature: 1});
  const {embedding, capture, outline} = bare.outputs;
  const distances = (dimensions: number): ClassDistances => ({
    dimensions,
    classes: labels.length,
    projection: Float32Array.from({length: dimensions * dimensions * labels.length}, (_, i) => i),
    offset: Float32Array.from({length: dimensions * labels.length}, (_, i) => i),
  });
  const width = (value: {shape: readonly unknown[]}) => value.shape[1] as number;
  return buildModelGraph({network, layout, parameters, statistics}, input, labels.length, {
    temperature,
    changedTemperature: temperature * 2,
    novelty: distances(width(embedding)),
    ...(outline ? {outline: distances(width(outline))} : {}),
    ...(capture
      ? {
          capture: distances(width(capture)),
          faceValue: {size: distances(SIZE_COLUMNS), strangeness: distances(FACE_COLUMNS)},
        }
      : {}),
  });
}

/** Constants have other names where small ones are equal, and are shared. */
function requireSame(mine: GraphProto, given: GraphProto): void {
  const text = ({node}: GraphProto) =>
    node
      .map(({opType, input: from = [], output}) =>
        [opType, ...from.map((name) => (name.startsWith('const.') ? 'const' : name)), '->', ...output].join(' '),
      )
      .join('\n');
  if (text(mine) !== text(given)) throw new Error(`the graph of ${path} is not that of ${training.network} today`);
}

async function measured() {
  const base = baseGraph(graph);
  const named = {features: values.features, logits: values.logits, embedding: values.embedding, ...optional()};
  const outputs = Object.entries(named).map(([name, {name: value, shape}]) => ({name, value: baseName(value), shape}));
  base.node.push(
    ...outputs.map(({name, value}) => ({name, opType: 'Identity', input: [value], output: [name], attribute: []})),
  );
  base.output = outputs.map(({name, shape}) => ({
    name,
    type: {tensorType: {elemType: 1, shape: {dim: [{dimParam: 'N'}, ...shape.map((dimValue) => ({dimValue}))]}}},
  }));
  return withSession(encodeModel(base), input, async (run) => {
    const all = await run(chosen, (i) => windowFromPatch(cache.readPatch(i), input));
    return {...all, features: all.features};
  });
}

function optional() {
  const {capture, outline} = values;
  return {...(capture ? {capture} : {}), ...(outline ? {outline} : {})};
}

function changedTemperature({node, initializer}: GraphProto): number {
  const scalar = (name: string) => {
    const found = initializer.find((each) => each.name === name) as TensorProto;
    return new DataView(found.rawData.buffer, found.rawData.byteOffset).getFloat32(0, true);
  };
  const soft = node.find(({opType}) => opType === 'Softmax')!;
  const producer = (name: string) => node.find(({output}) => output.includes(name))!;
  const inverse = producer(producer(soft.input[0]).input[1]);
  const times = producer(producer(inverse.input[0]).input[0]);
  return 1 / (scalar(inverse.input[1]) + TEMPERATURE_RANGE * scalar(times.input[1]));
}

function bringUpToDate(document: string): void {
  const text = readFileSync(document, 'utf8')
    .replaceAll(before, after.sha256)
    .replaceAll(`${formatCount(bytes.length)} bytes`, `${formatCount(after.bytes.length)} bytes`)
    .replaceAll(`"bytes": ${bytes.length}`, `"bytes": ${after.bytes.length}`);
  writeFileSync(document, text);
}
