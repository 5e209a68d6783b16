import {expect} from 'chai';
import {Graph} from '../../src/onnx/graph.ts';
import {dataTypeOf, ELEMENT_TYPE, tensorProto} from '../../src/onnx/tensor.ts';
import {float32, floats, runGraph} from '../helpers/run-graph.ts';

describe('onnx: graph', () => {
  it('names outputs at the node that computes them, without a copy', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const doubled = graph.node('Add', [x, x]);
    graph.output('doubled', doubled);
    graph.output('squared', graph.node('Mul', [doubled, doubled]));
    const {node} = graph.toProto('test');
    expect(node.map(({opType}) => opType)).to.deep.equal(['Add', 'Mul']);
    expect(node[0].output).to.deep.equal(['doubled']);
    expect(node[1].input).to.deep.equal(['doubled', 'doubled']);
    const results = await runGraph(graph, {x: float32([1, 2])});
    expect([...floats(results.doubled)]).to.deep.equal([2, 4]);
    expect([...floats(results.squared)]).to.deep.equal([4, 16]);
  });

  it('copies only if an output is an input, a constant, or another output', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const sum = graph.node('Add', [x, x]);
    graph.output('same', x);
    graph.output('sum', sum);
    graph.output('again', sum);
    graph.output('fixed', graph.constant(Float32Array.of(7)));
    const results = await runGraph(graph, {x: float32([1, 2])});
    expect(
      Object.fromEntries(Object.entries(results).map(([name, value]) => [name, [...floats(value)]])),
    ).to.deep.equal({
      same: [1, 2],
      sum: [2, 4],
      again: [2, 4],
      fixed: [7],
    });
  });

  it('omits nodes and constants that no output needs', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    const unused = graph.node('Mul', [x, graph.constant(Float32Array.of(5, 6))]);
    graph.node('Exp', [unused]);
    graph.output('y', graph.node('Add', [x, graph.scalar(1)]));
    const {node, initializer, input} = graph.toProto('test');
    expect(node.map(({opType}) => opType)).to.deep.equal(['Add']);
    expect(initializer).to.have.length(1);
    expect(input.map(({name}) => name)).to.deep.equal(['x']);
  });

  it('keeps the order in which nodes were added', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2]);
    graph.output('y', graph.node('Neg', [graph.node('Exp', [graph.node('Abs', [x])])]));
    expect(graph.toProto('test').node.map(({opType}) => opType)).to.deep.equal(['Abs', 'Exp', 'Neg']);
  });

  it('shares small constants with the same type, shape and content', () => {
    const graph = new Graph();
    expect(graph.scalar(1)).to.equal(graph.scalar(1));
    expect(graph.integers(1, 2)).to.equal(graph.integers(1, 2));
    expect(graph.scalar(1)).not.to.equal(graph.constant(Float32Array.of(1)));
    expect(graph.constant(Int32Array.of(1))).not.to.equal(graph.integers(1));
    expect(graph.integers(1)).not.to.equal(graph.integers(-1));
    expect(graph.constant(new Float32Array(100))).not.to.equal(graph.constant(new Float32Array(100)));
  });

  it('distinguishes -0 from 0 when sharing constants', async () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1]);
    graph.output('up', graph.node('Div', [x, graph.scalar(0)]));
    graph.output('down', graph.node('Div', [x, graph.scalar(-0)]));
    const {up, down} = await runGraph(graph, {x: float32([1])});
    expect([floats(up)[0], floats(down)[0]]).to.deep.equal([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it('reserves the prefixes of constants and nodes: an initializer must not become an overridable default', () => {
    const graph = new Graph();
    expect(() => graph.input('const.0', 'float32', [1])).to.throw(RangeError, 'const.0: the prefix is reserved');
    expect(() => graph.input('node.0', 'float32', [1])).to.throw(RangeError, 'node.0: the prefix is reserved');
  });

  it('rejects two inputs or two outputs with the same name', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [1]);
    expect(() => graph.input('x', 'float32', [1])).to.throw(RangeError, 'two inputs are named x');
    graph.output('y', graph.node('Neg', [x]));
    expect(() => graph.output('y', graph.node('Abs', [x]))).to.throw(RangeError, 'two outputs are named y');
  });

  it('rejects a constant whose elements do not fill its shape', () => {
    expect(() => new Graph().constant(new Float32Array(5), [2, 3])).to.throw(RangeError, '5 elements do not fill');
  });

  it('gives every attribute its type', () => {
    const graph = new Graph();
    const x = graph.input('x', 'float32', [2, 2]);
    const attributes = {alpha: {float: 0.5}, transA: 1, names: 'text', ints: [1, -1]};
    graph.output('y', graph.node('Gemm', [x, x], attributes));
    expect(graph.toProto('test').node[0].attribute).to.deep.equal([
      {name: 'alpha', type: 1, f: 0.5},
      {name: 'transA', type: 2, i: 1},
      {name: 'names', type: 3, s: new TextEncoder().encode('text')},
      {name: 'ints', type: 7, ints: [1, -1]},
    ]);
  });
});

describe('onnx: tensor', () => {
  it('names the type of each array', () => {
    expect(dataTypeOf(new Float32Array(1))).to.equal('float32');
    expect(dataTypeOf(new Uint8Array(1))).to.equal('uint8');
    expect(dataTypeOf(new Int32Array(1))).to.equal('int32');
    expect(dataTypeOf(new BigInt64Array(1))).to.equal('int64');
  });

  it('writes little-endian bytes of the part of the buffer that the array covers', () => {
    const part = Int32Array.of(9, 1, -2, 9).subarray(1, 3);
    expect(tensorProto('t', part, [2])).to.deep.equal({
      name: 't',
      dims: [2],
      dataType: ELEMENT_TYPE.int32,
      rawData: Uint8Array.of(1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff),
    });
  });
});
