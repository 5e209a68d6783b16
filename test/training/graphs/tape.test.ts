import {expect} from 'chai';
import {Graph} from '../../../src/onnx/graph.ts';
import type {Value} from '../../../src/onnx/types.ts';
import {Tape} from '../../../src/training/graphs/tape.ts';
import {OPERATORS} from '../../../src/training/operators/index.ts';
import type {Operator} from '../../../src/training/operators/operator.ts';
import {float32, floats, runGraph} from '../../helpers/run-graph.ts';

const {add, multiply, relu} = OPERATORS;

describe('training: tape', () => {
  function start(...names: string[]): {graph: Graph; tape: Tape; values: Value[]} {
    const graph = new Graph();
    return {graph, tape: new Tape(graph), values: names.map((name) => graph.input(name, 'float32', []))};
  }

  async function gradientsAt(graph: Graph, gradients: Value[], at: Record<string, number>): Promise<number[]> {
    gradients.forEach((gradient, i) => {
      graph.output(`gradient${i}`, gradient);
    });
    const feeds = Object.fromEntries(Object.entries(at).map(([name, value]) => [name, float32([value], [])]));
    const results = await runGraph(graph, feeds);
    return gradients.map((_, i) => floats(results[`gradient${i}`])[0]);
  }

  it('follows a chain: d(xy)z = (yz, xz, xy)', async () => {
    const {graph, tape, values} = start('x', 'y', 'z');
    const [x, y, z] = values;
    const product = tape.apply(multiply, [x, y], undefined).output;
    const loss = tape.apply(multiply, [product, z], undefined).output;
    expect(await gradientsAt(graph, tape.gradients(loss, values), {x: 2, y: 3, z: 5})).to.deep.equal([15, 10, 6]);
  });

  it('sums the gradients of a value that is used several times: x * x * x + x', async () => {
    const {graph, tape, values} = start('x');
    const [x] = values;
    const square = tape.apply(multiply, [x, x], undefined).output;
    const cube = tape.apply(multiply, [square, x], undefined).output;
    const loss = tape.apply(add, [cube, x], undefined).output;
    expect(await gradientsAt(graph, tape.gradients(loss, values), {x: 2})).to.deep.equal([3 * 4 + 1]);
  });

  it('sums the gradients over a shortcut: x + relu(x) y', async () => {
    const {graph, tape, values} = start('x', 'y');
    const [x, y] = values;
    const branch = tape.apply(multiply, [tape.apply(relu, [x], undefined).output, y], undefined).output;
    const loss = tape.apply(add, [x, branch], undefined).output;
    expect(await gradientsAt(graph, tape.gradients(loss, values), {x: 3, y: 7})).to.deep.equal([8, 3]);
  });

  it('gives the gradient with respect to an intermediate value', async () => {
    const {graph, tape, values} = start('x', 'y');
    const [x, y] = values;
    const middle = tape.apply(add, [x, y], undefined).output;
    const loss = tape.apply(multiply, [middle, middle], undefined).output;
    expect(await gradientsAt(graph, tape.gradients(loss, [middle]), {x: 2, y: 3})).to.deep.equal([10]);
  });

  it('gives 1 as the gradient of the loss with respect to itself', async () => {
    const {graph, tape, values} = start('x');
    expect(await gradientsAt(graph, tape.gradients(values[0], values), {x: 4})).to.deep.equal([1]);
  });

  it('rejects a variable that the loss does not depend on, and names it', () => {
    const {tape, values} = start('x', 'y');
    const loss = tape.apply(multiply, [values[0], values[0]], undefined).output;
    tape.apply(relu, [values[1]], undefined);
    expect(() => tape.gradients(loss, values)).to.throw(RangeError, 'the loss does not depend on y');
  });

  it('computes no gradient that is not needed', () => {
    const asked: [string, boolean[]][] = [];
    const watched = (name: string): Operator<void> => ({
      forward: multiply.forward,
      gradient(graph, application, gradOutput, wanted) {
        asked.push([name, wanted]);
        return multiply.gradient(graph, application, gradOutput, wanted);
      },
    });
    const {tape, values} = start('x', 'y', 'z');
    const [x, y, z] = values;
    const before = tape.apply(watched('without x'), [y, z], undefined).output;
    const first = tape.apply(watched('first'), [x, before], undefined).output;
    tape.apply(watched('beside the loss'), [first, y], undefined);
    const loss = tape.apply(watched('last'), [z, first], undefined).output;
    tape.apply(watched('behind the loss'), [loss, x], undefined);
    tape.gradients(loss, [x]);
    expect(asked).to.deep.equal([
      ['last', [false, true]],
      ['first', [true, false]],
    ]);
  });
});
