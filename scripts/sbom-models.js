/** The models of the package for the software bill of materials: their digests, and a card of the classifier. */
import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import cyclonedx from '@cyclonedx/cyclonedx-library';
import {build} from 'esbuild';

const {Enums, Models} = cyclonedx;

/** @param file a model file, also its name in the list; @param fields `version` and the like */
export function modelComponent(file, fields = {}) {
  const component = new Models.Component(Enums.ComponentType.MachineLearningModel, file, {bomRef: file, ...fields});
  component.hashes.set('SHA-256', createHash('sha256').update(readFileSync(file)).digest('hex'));
  return component;
}

/**
 * Reads the record in a model that rice wrote.
 *
 * @returns its version, and a `modelCard` of CycloneDX 1.6, which the library does not write
 */
export async function readModel(file) {
  const {readInterface, readMetadata} = await load('src/onnx/model.ts');
  const {wilsonInterval} = await load('src/common/wilson-interval.ts');
  const bytes = readFileSync(file);
  const {version, labels, training, accuracy} = JSON.parse(readMetadata(bytes).rice);
  const {input, output} = readInterface(bytes);
  const card = {
    modelParameters: {
      approach: {type: 'supervised'},
      task: 'image-classification',
      architectureFamily: 'convolutional neural network',
      modelArchitecture: training.network,
      datasets: [datasetOf(training)],
      inputs: input.map(parameterOf),
      outputs: output.map(parameterOf),
    },
    quantitativeAnalysis: {
      performanceMetrics: ['test', 'validation']
        .filter((part) => accuracy[part])
        .map((part) => {
          const {images, accuracy: value} = accuracy[part];
          const {low, high} = wilsonInterval(Math.round(value * images), images);
          return {
            type: 'accuracy',
            value: `${value}`,
            slice: `${part} part, ${images} pictures`,
            confidenceInterval: {lowerBound: low.toFixed(6), upperBound: high.toFixed(6)},
          };
        }),
    },
    considerations: {
      useCases: [`telling the variety of single grains of rice: ${labels.join(', ')}`],
      technicalLimitations: limitsIn('models/README.md'),
    },
  };
  return {version, card};
}

/** A module of `src/`, which Node cannot run as it is. It may import nothing that is not there. */
async function load(file) {
  const {outputFiles} = await build({entryPoints: [file], bundle: true, write: false, format: 'esm', platform: 'node'});
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
}

function datasetOf({dataset, split}) {
  const counts = Object.entries(dataset.labels).map(([label, pictures]) => `${label} ${pictures}`);
  const shares = Object.entries(split.fractions).map(([part, share]) => `${Math.round(100 * share)} % ${part}`);
  return {
    type: 'dataset',
    description: `${dataset.images} pictures: ${counts.join(', ')}; ${shares.join(', ')}, by content`,
    contents: {
      properties: [
        {name: 'digest', value: dataset.digest},
        {name: 'split seed', value: `${split.seed}`},
      ],
    },
  };
}

/** ONNX's numbers of the types that the classifier has. */
const TYPES = {1: 'float32', 2: 'uint8'};

function parameterOf({name, type: {tensorType}}) {
  const sizes = tensorType.shape.dim.map(({dimValue, dimParam}) => dimValue ?? dimParam);
  return {format: `${name}: ${TYPES[tensorType.elemType]} [${sizes.join(', ')}]`};
}

/** The points of the section "Limits" of a card. */
function limitsIn(card) {
  const [, section] = /\n## Limits\n(.*?)\n## /s.exec(readFileSync(card, 'utf8'));
  return section
    .split(/^- /m)
    .slice(1)
    .map((point) => point.replace(/\s+/g, ' ').replaceAll('`', '').trim());
}
