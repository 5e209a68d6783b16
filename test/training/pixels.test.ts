import {expect} from 'chai';
import {Tensor} from 'onnxruntime-node';
import {Graph} from '../../src/onnx/graph.ts';
import {pixelsOf} from '../../src/training/layers/pixels.ts';
import {randomNumbers} from '../helpers/images.ts';
import {floats, runGraph} from '../helpers/run-graph.ts';

const [BATCH, HEIGHT, WIDTH] = [2, 8, 12];

describe('training: pixels', () => {
  for (const block of [1, 2, 4]) {
    it(`makes channels of blocks of ${block} x ${block} pixels, numbers as they are`, async () => {
      const random = randomNumbers(block);
      const image = Uint8Array.from({length: BATCH * HEIGHT * WIDTH * 3}, () => Math.floor(random() * 256));
      const graph = new Graph();
      const value = pixelsOf(graph, graph.input('image', 'uint8', ['N', HEIGHT, WIDTH, 3]), block);
      graph.output('pixels', value);
      const {pixels} = await runGraph(graph, {image: new Tensor('uint8', image, [BATCH, HEIGHT, WIDTH, 3])});
      const [rows, columns] = [HEIGHT / block, WIDTH / block];
      expect([...pixels.dims]).to.deep.equal([BATCH, 3 * block * block, rows, columns]);
      expect(value.shape.slice(1)).to.deep.equal([3 * block * block, rows, columns]);
      const places: number[] = [];
      for (let n = 0; n < BATCH; n++) {
        // Row in the block, column in the block, colour: then where the block lies.
        for (let dy = 0; dy < block; dy++)
          for (let dx = 0; dx < block; dx++)
            for (let colour = 0; colour < 3; colour++)
              for (let y = 0; y < rows; y++)
                for (let x = 0; x < columns; x++)
                  places.push(((n * HEIGHT + y * block + dy) * WIDTH + x * block + dx) * 3 + colour);
      }
      expect([...floats(pixels)]).to.deep.equal(places.map((at) => image[at]));
    });
  }

  it('refuses windows that are not whole blocks', () => {
    const graph = new Graph();
    const image = graph.input('image', 'uint8', ['N', 8, 11, 3]);
    expect(() => pixelsOf(graph, image, 2)).to.throw(RangeError, 'windows of 11 x 8 are not whole blocks of 2 x 2');
  });
});
