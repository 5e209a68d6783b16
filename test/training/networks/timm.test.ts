import {readFileSync} from 'node:fs';
import {expect} from 'chai';
import {buildEvaluationGraph} from '../../../src/training/graphs/evaluation-graph.ts';
import {buildCalibrationGraph} from '../../../src/training/graphs/model-graph.ts';
import {buildStepGraph} from '../../../src/training/graphs/step-graph.ts';
import {layoutOf} from '../../../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../../../src/training/networks/index.ts';
import {OPTIMIZERS} from '../../../src/training/optimizers.ts';
import {type BatchShape, drawn, drawnBatch, drawnWeights, transpose} from '../../helpers/drawn-weights.ts';
import {float32, floats, relativeError, runGraph} from '../../helpers/run-graph.ts';

interface Digest {
  seed: number;
  logits: number[];
  loss: number;
  norms: number[];
  products: number[];
  statistics: number[];
}

/** Written by scripts/timm_fixture.py: what timm computes in float64. */
const {shape, smoothing, networks} = JSON.parse(
  readFileSync(new URL('../../fixtures/timm.json', import.meta.url), 'utf8'),
) as {shape: BatchShape; smoothing: number; networks: Record<NetworkName, Digest>};

const BATCH = drawnBatch(shape);
/** A gradient that is a smaller part of that of all parameters is rounding. */
const NOTHING = 1e-4;

for (const [name, expected] of Object.entries(networks) as [NetworkName, Digest][]) {
  describe(`training: network ${name} beside timm's`, () => {
    const {seed} = expected;
    const network = NETWORKS[name];
    const layout = layoutOf(network, shape, shape.classes);

    it('has the same logits, with weights as inputs and as constants', async () => {
      const {image} = BATCH;
      const {parameters, statistics} = drawnWeights(layout, {ranges: 'wide', seed});
      const evaluation = await runGraph(buildEvaluationGraph(network, layout, shape, shape.classes), {
        image,
        ...vectors({parameters, statistics}),
      });
      expect(relativeError(floats(evaluation.logits), expected.logits)).to.be.below(1e-4);
      const trained = {network, layout, parameters, statistics};
      const exported = await runGraph(buildCalibrationGraph(trained, shape, shape.classes), {image});
      expect(relativeError(floats(exported.logits), expected.logits)).to.be.below(1e-4);
    });

    it('has the same loss, gradients and running statistics in a training step', async () => {
      const {graph} = buildStepGraph({
        ...{network, layout, optimizer: OPTIMIZERS.sgd, ...shape},
        ...{labelSmoothing: smoothing, dropout: 0, clipNorm: 0},
      });
      const {parameters, statistics} = drawnWeights(layout, {ranges: 'calm', seed});
      // The first momentum from 0 is the gradient.
      const results = await runGraph(graph, {
        ...BATCH,
        ...vectors({parameters, statistics, momentum: new Float32Array(parameters.length)}),
        ...vectors({averagedParameters: parameters, averagedStatistics: statistics}),
        ...scalars({learningRate: 0.1, weightDecay: 0, statisticsMomentum: 0.1, averageDecay: 0}),
      });
      expect(floats(results.loss)[0]).to.be.closeTo(expected.loss, 1e-4);
      checkGradients(floats(results['next.momentum']));
      const after = statistics.length > 0 ? floats(results['next.statistics']) : statistics;
      sorted(layout.statistics).forEach(({name: of, offset, length}, i) => {
        const values = after.subarray(offset, offset + length);
        expect(product(of, values), of).to.be.closeTo(expected.statistics[i], 1e-3 * Math.max(1, norm(values)));
      });
    });

    function checkGradients(gradient: Float32Array): void {
      const specs = sorted(layout.parameters);
      expect(specs).to.have.length(expected.norms.length);
      const whole = norm(expected.norms);
      specs.forEach(({name: of, offset, length, shape: size, transposed}, i) => {
        const piece = gradient.subarray(offset, offset + length);
        const values = transposed ? transpose(piece, size[0]) : piece;
        const tolerance = 2e-3 * Math.max(expected.norms[i], NOTHING * whole);
        expect(norm(values), `norm of ${of}`).to.be.closeTo(expected.norms[i], tolerance);
        expect(product(of, values), of).to.be.closeTo(expected.products[i], tolerance);
      });
    }
  });
}

/** In Python's order of strings. */
function sorted<Spec extends {name: string}>(specs: Spec[]): Spec[] {
  return [...specs].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** With the vector that is drawn for the name. */
function product(name: string, values: Float32Array): number {
  const by = drawn(`product/${name}`, values.length, -1, 1);
  return values.reduce((sum, value, i) => sum + value * by[i], 0);
}

function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ** 2;
  return Math.sqrt(sum);
}

/** Those that are not empty, which are no inputs. */
function vectors(values: Record<string, Float32Array>) {
  const used = Object.entries(values).filter(([, {length}]) => length > 0);
  return Object.fromEntries(used.map(([name, value]) => [name, float32(value)]));
}

function scalars(values: Record<string, number>) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, float32([value], [])]));
}
