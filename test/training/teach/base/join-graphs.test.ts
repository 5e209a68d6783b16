import {expect} from 'chai';
import {InferenceSession} from 'onnxruntime-node';
import {Graph} from '../../../../src/onnx/graph.ts';
import {decodeModel, encodeModel} from '../../../../src/onnx/model.ts';
import type {GraphProto} from '../../../../src/onnx/schema.ts';
import {baseGraph, baseName, continueGraph, repeatNodes} from '../../../../src/training/teach/base/join-graphs.ts';
import {float32, floats} from '../../../helpers/run-graph.ts';

/** y = (x + 1)^2 and z = y - x. */
function written(): {graph: GraphProto; sum: string} {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N', 2]);
  const sum = graph.node('Add', [x, graph.scalar(1)]);
  const y = graph.node('Mul', [sum, sum]);
  graph.output('y', y);
  graph.output('z', graph.node('Sub', [y, x]));
  return {graph: decodeModel(encodeModel(graph.toProto('test'))).graph, sum: graph.nameOf(sum)};
}

async function run(graph: GraphProto, values: number[]): Promise<Record<string, number[]>> {
  const session = await InferenceSession.create(encodeModel(graph));
  const results = await session.run({x: float32(values, [values.length / 2, 2])});
  await session.release();
  return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, [...floats(tensor)]]));
}

describe('joined graphs', () => {
  it('compute what comes after values of the base, and nothing that is not needed', async () => {
    const base = baseGraph(written().graph);
    const graph = new Graph();
    const doubled = graph.node('Mul', [graph.input('in', 'float32', ['N', 2]), graph.scalar(2)]);
    graph.output('twice', doubled);
    const joined = continueGraph(base, new Map([['in', baseName('y')]]), graph.toProto('test'));
    expect(await run(joined, [0, 1])).to.deep.equal({twice: [2, 8]});
    expect(joined.node.map(({opType}) => opType)).not.to.contain('Sub');
  });

  it('repeat what follows from a value with another one in its place', async () => {
    const {graph, sum} = written();
    const base = baseGraph(graph);
    const {node, values} = repeatNodes(base, new Map([[baseName(sum), 'x']]), [baseName('z'), baseName('y')], 'again.');
    const other = new Graph();
    other.output('z', other.node('Abs', [other.input('in', 'float32', ['N', 2])]));
    const extended = {...base, node: [...base.node, ...node]};
    // With x in the place of x + 1: x^2 - x.
    const joined = continueGraph(extended, new Map([['in', values[0]]]), other.toProto('test'));
    expect(await run(joined, [3, 5])).to.deep.equal({z: [6, 20]});
    expect(values[1]).to.match(/^again\./);
    expect(repeatNodes(base, new Map([['nothing', 'x']]), [baseName('z')], 'again.')).to.deep.equal({
      node: [],
      values: [baseName('z')],
    });
  });
});
