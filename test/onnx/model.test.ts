import {expect} from 'chai';
import {InferenceSession} from 'onnxruntime-node';
import {Graph} from '../../src/onnx/graph.ts';
import {
  decodeModel,
  encodeModel,
  IR_VERSION,
  OPSET_VERSION,
  readInterface,
  readMetadata,
} from '../../src/onnx/model.ts';
import {float32, floats} from '../helpers/run-graph.ts';

describe('onnx: model', () => {
  function affine(): Graph {
    const graph = new Graph();
    const x = graph.input('x', 'float32', ['N', 3]);
    const weight = graph.constant(Float32Array.of(1, 0, 0, 1, 1, 1), [3, 2]);
    const bias = graph.constant(Float32Array.of(10, -10));
    graph.output('y', graph.node('Gemm', [x, weight, bias], {alpha: {float: 2}}));
    return graph;
  }

  it('writes a file that onnxruntime loads and runs, float attributes included', async () => {
    const session = await InferenceSession.create(encodeModel(affine().toProto('affine')));
    expect(session.inputNames).to.deep.equal(['x']);
    expect(session.outputNames).to.deep.equal(['y']);
    expect(session.inputMetadata[0]).to.include({name: 'x', type: 'float32', isTensor: true});
    expect(session.inputMetadata[0]).to.have.deep.property('shape', ['N', 3]);
    const {y} = await session.run({x: float32([1, 2, 3, 4, 5, 6], [2, 3])});
    expect(y.dims).to.deep.equal([2, 2]);
    expect([...floats(y as never)]).to.deep.equal([
      2 * (1 + 3) + 10,
      2 * (2 + 3) - 10,
      2 * (4 + 6) + 10,
      2 * (5 + 6) - 10,
    ]);
    await session.release();
  });

  it('decodes what it encoded', () => {
    const metadata = {rice: '{"labels":["ñandú","b"]}', empty: ''};
    const bytes = encodeModel(affine().toProto('affine'), metadata);
    const {irVersion, producerName, opsetImport, metadataProps, graph} = decodeModel(bytes);
    expect({irVersion, producerName}).to.deep.equal({irVersion: IR_VERSION, producerName: 'rice'});
    expect(opsetImport).to.deep.equal([{domain: '', version: OPSET_VERSION}]);
    expect(metadataProps).to.deep.equal(Object.entries(metadata).map(([key, value]) => ({key, value})));
    expect(graph.node.map(({opType}) => opType)).to.deep.equal(['Gemm']);
    expect(graph.node[0].attribute).to.deep.equal([{name: 'alpha', type: 1, f: 2}]);
    expect(graph.initializer.map(({dims}) => dims)).to.deep.equal([[3, 2], [2]]);
    expect(readMetadata(bytes)).to.deep.equal(metadata);
  });

  it('re-encodes a decoded model to the same bytes', () => {
    const bytes = encodeModel(affine().toProto('affine'), {key: 'value'});
    const {graph, metadataProps} = decodeModel(bytes);
    const again = encodeModel(graph, Object.fromEntries(metadataProps!.map(({key, value}) => [key, value])));
    expect(Buffer.from(again).equals(Buffer.from(bytes))).to.equal(true);
  });

  it('reads the outputs without decoding the rest', () => {
    const bytes = encodeModel(affine().toProto('affine'));
    const {input, output} = decodeModel(bytes).graph;
    expect(readInterface(bytes)).to.deep.equal({input, output});
    expect(readInterface(encodeModel(new Graph().toProto('empty')))).to.deep.equal({input: [], output: []});
    expect(readInterface(new Uint8Array(0))).to.deep.equal({input: [], output: []});
    expect(readInterface(bytes.subarray(0, bytes.length - 20))).to.equal(undefined);
    expect(readInterface(Buffer.from('hello'))).to.equal(undefined);
  });

  it('encodes to the same bytes each time', () => {
    const [once, twice] = [encodeModel(affine().toProto('a')), encodeModel(affine().toProto('a'))];
    expect(Buffer.from(once).equals(Buffer.from(twice))).to.equal(true);
  });

  it('finds no metadata in bytes that are not a model', () => {
    const model = encodeModel(affine().toProto('affine'), {key: 'value'});
    for (const bytes of [
      new Uint8Array(0),
      Buffer.from('hello, world'),
      Buffer.from('{"labels": []}'),
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47),
      model.subarray(0, model.length - 1),
      Uint8Array.of(0x08, 0x08),
    ]) {
      expect(readMetadata(bytes)).to.equal(undefined);
    }
  });

  it('reads empty metadata from a model without any', () => {
    expect(readMetadata(encodeModel(affine().toProto('affine')))).to.deep.equal({});
  });
});
