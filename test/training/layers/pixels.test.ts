import {expect} from 'chai';
import {Tensor} from 'onnxruntime-node';
import {Graph} from '../../../src/onnx/graph.ts';
import {IMAGENET, normalizedPixelsOf, pixelsOf} from '../../../src/training/layers/pixels.ts';
import {randomNumbers} from '../../helpers/images.ts';
import {floats, relativeError, runGraph} from '../../helpers/run-graph.ts';

const [BATCH, HEIGHT, WIDTH] = [2, 8, 12];

describe('training: pixels', () => {
  it('converts to channels first without scaling', async () => {
    const random = randomNumbers(1);
    const image = Uint8Array.from({length: BATCH * HEIGHT * WIDTH * 3}, () => Math.floor(random() * 256));
    const graph = new Graph();
    const value = pixelsOf(graph, graph.input('image', 'uint8', ['N', HEIGHT, WIDTH, 3]));
    graph.output('pixels', value);
    const {pixels} = await runGraph(graph, {image: new Tensor('uint8', image, [BATCH, HEIGHT, WIDTH, 3])});
    expect([...pixels.dims]).to.deep.equal([BATCH, 3, HEIGHT, WIDTH]);
    expect(value.shape.slice(1)).to.deep.equal([3, HEIGHT, WIDTH]);
    const places: number[] = [];
    for (let n = 0; n < BATCH; n++)
      for (let color = 0; color < 3; color++)
        for (let i = 0; i < HEIGHT * WIDTH; i++) places.push((n * HEIGHT * WIDTH + i) * 3 + color);
    expect([...floats(pixels)]).to.deep.equal(places.map((at) => image[at]));
  });

  for (const batch of ['N', BATCH] as const) {
    it(`normalizes each color in a batch of ${batch === 'N' ? 'any size' : batch}`, async () => {
      const random = randomNumbers(2);
      const image = Uint8Array.from({length: BATCH * HEIGHT * WIDTH * 3}, () => Math.floor(random() * 256));
      const graph = new Graph();
      const input = graph.input('image', 'uint8', [batch, HEIGHT, WIDTH, 3]);
      graph.output('pixels', normalizedPixelsOf(graph, input, IMAGENET));
      const {pixels} = await runGraph(graph, {image: new Tensor('uint8', image, [BATCH, HEIGHT, WIDTH, 3])});
      expect([...pixels.dims]).to.deep.equal([BATCH, 3, HEIGHT, WIDTH]);
      const expected = Float64Array.from({length: image.length}, (_, i) => {
        const [pixel, color, n] = [
          i % (HEIGHT * WIDTH),
          Math.floor(i / (HEIGHT * WIDTH)) % 3,
          Math.floor(i / (3 * HEIGHT * WIDTH)),
        ];
        return (image[(n * HEIGHT * WIDTH + pixel) * 3 + color] / 255 - IMAGENET.mean[color]) / IMAGENET.std[color];
      });
      expect(relativeError(floats(pixels), expected)).to.be.below(1e-6);
    });
  }
});
