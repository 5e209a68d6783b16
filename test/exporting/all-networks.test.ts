import {expect} from 'chai';
import {answersOf} from '../../src/exporting/compare/answers.ts';
import {compareAnswers} from '../../src/exporting/compare/compare-answers.ts';
import {ModelGraph} from '../../src/exporting/graph/model-graph.ts';
import {networkNodes} from '../../src/exporting/graph/network-nodes.ts';
import {halveGraph} from '../../src/exporting/half/halve-graph.ts';
import {calibrate} from '../../src/exporting/int8/calibrate.ts';
import {planOf} from '../../src/exporting/int8/plan.ts';
import {quantizeGraph} from '../../src/exporting/int8/quantize-graph.ts';
import {drawnWindows} from '../../src/exporting/pictures/drawn-windows.ts';
import {firstOf} from '../../src/exporting/pictures/windows.ts';
import {decodeModel, encodeModel} from '../../src/onnx/model.ts';
import {buildModelGraph} from '../../src/training/graphs/model-graph.ts';
import {layoutOf} from '../../src/training/layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../../src/training/networks/index.ts';
import {initialParameters, initialStatistics} from '../../src/training/parameters.ts';

const SIZE = {width: 64, height: 64};

/** Of each kind one: the others are made of the same, or larger. */
const KINDS: NetworkName[] = ['grain4', 'mobilenet', 'mobilenetv3_small', 'efficientnet_b0', 'convnext_atto'];

describe('exporting: all networks', () => {
  for (const name of KINDS)
    it(`${name}, with weights by chance, answers nearly the same in float16, and similarly with 8 bits`, async () => {
      const network = NETWORKS[name];
      const layout = layoutOf(network, SIZE, 3);
      const weights = {layout, parameters: initialParameters(layout, 1), statistics: initialStatistics(layout)};
      const {graph: built} = buildModelGraph({network, ...weights}, SIZE, 3, {temperature: 1});
      const source = encodeModel(built.toProto(name));
      const graph = new ModelGraph(decodeModel(source).graph);
      const nodes = networkNodes(graph);
      const windows = firstOf(drawnWindows(SIZE), 8);
      const before = await answersOf(source, windows);

      const halved = encodeModel(halveGraph(graph, new Set([...nodes.all].slice(1))));
      const float16 = compareAnswers(before, await answersOf(halved, windows));
      expect(float16.largestDifference).to.be.below(0.02);
      expect(halved.length).to.be.below(0.65 * source.length);

      const plan = planOf(graph, nodes, 8);
      const quantized = encodeModel(quantizeGraph(graph, nodes, plan, await calibrate(graph, plan, windows)));
      const int8 = compareAnswers(before, await answersOf(quantized, windows));
      expect(int8.largestDifference).to.be.below(0.2);
      expect(quantized.length).to.be.below(0.5 * source.length);
    });
});
