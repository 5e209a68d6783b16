import {expect} from 'chai';
import {InferenceSession, Tensor} from 'onnxruntime-node';
import {toHalf} from '../../src/exporting/half/float16.ts';
import {Graph} from '../../src/onnx/graph.ts';
import {encodeModel} from '../../src/onnx/model.ts';
import {ELEMENT_TYPE} from '../../src/onnx/tensor.ts';
import {randomNumbers} from '../helpers/images.ts';

/** The same by onnxruntime. */
async function castToHalf(values: Float32Array): Promise<Uint16Array> {
  const graph = new Graph();
  const x = graph.input('x', 'float32', ['N']);
  graph.output('y', graph.node('Cast', [x], {to: ELEMENT_TYPE.float16}));
  const session = await InferenceSession.create(encodeModel(graph.toProto('cast')));
  const {y} = await session.run({x: new Tensor('float32', values, [values.length])});
  await session.release();
  const data = y.data as unknown as {buffer: ArrayBuffer; byteOffset: number; length: number};
  return new Uint16Array(data.buffer, data.byteOffset, data.length);
}

describe('exporting: float16', () => {
  it('are the numbers that onnxruntime takes: normal, tiny, halfway, too large and none', async () => {
    const random = randomNumbers(1);
    const many = Array.from({length: 20_000}, () => (random() - 0.5) * 2 ** Math.floor(random() * 48 - 30));
    const halfway = [
      1 + 2 ** -11,
      1 + 3 * 2 ** -11,
      2 ** -25,
      3 * 2 ** -25,
      2 ** -24,
      65519,
      65520,
      65504,
      2 ** -14 - 2 ** -25,
    ];
    const special = [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30, -1e30, 1e-30, 1e-45];
    const values = Float32Array.from([...many, ...halfway, ...halfway.map((each) => -each), ...special]);
    expect([...toHalf(values)]).to.deep.equal([...(await castToHalf(values))]);
    const [none] = toHalf(Float32Array.of(Number.NaN));
    expect([none & 0x7c00, (none & 0x3ff) > 0]).to.deep.equal([0x7c00, true]);
  });
});
