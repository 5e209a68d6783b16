import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import type {ConvolutionAttributes} from './convolution-attributes.ts';
import {reshape, sizes} from './operator.ts';

/**
 * dx of a strided convolution as one matrix product over all images, [N (P + 1), O] [O, K K C]: its rows are what each
 * output pixel adds to each input pixel under its kernel. Each input pixel then gathers its contributions (col2im); an
 * extra pixel of zeros pads the lists of those with fewer contributions.
 */
export function gradInputOfFewPixels(
  graph: Graph,
  x: Value,
  weight: Value,
  gradOutput: Value,
  {stride, padding}: ConvolutionAttributes,
): Value {
  const [batch, inputs, height, width] = sizes(x);
  const [, outputs, rows, columns] = sizes(gradOutput);
  const kernel = sizes(weight)[2];
  const pixels = rows * columns;
  const channelsLast = graph.node('Transpose', [reshape(graph, gradOutput, batch, outputs, pixels)], {perm: [0, 2, 1]});
  const extended = graph.node('Pad', [channelsLast, graph.integers(0, 0, 0, 0, 1, 0)]);
  const transposed = graph.node('Transpose', [weight], {perm: [0, 2, 3, 1]});
  const additions = graph.node('MatMul', [
    reshape(graph, extended, batch * (pixels + 1), outputs),
    reshape(graph, transposed, outputs, kernel * kernel * inputs),
  ]);
  const {positions, most} = contributionsOf({height, width, rows, columns, kernel, stride, padding});
  const perKernel = reshape(graph, additions, batch, (pixels + 1) * kernel * kernel, inputs);
  const own = reshape(
    graph,
    graph.node('Gather', [perKernel, graph.constant(positions)], {axis: 1}),
    batch,
    height * width,
    most,
    inputs,
  );
  const sum = graph.node('ReduceSum', [own, graph.integers(2)], {keepdims: 0});
  return graph.node('Transpose', [reshape(graph, sum, batch, height, width, inputs)], {perm: [0, 3, 1, 2]});
}

/** For each input pixel, the indices (output pixel, kernel position) of its contributions, padded with the zero pixel. */
function contributionsOf(size: {
  height: number;
  width: number;
  rows: number;
  columns: number;
  kernel: number;
  stride: number;
  padding: number;
}): {positions: Int32Array; most: number} {
  const {height, width, rows, columns, kernel, stride, padding} = size;
  const contributions = Array.from({length: height * width}, () => [] as number[]);
  for (let output = 0; output < rows * columns; output++) {
    for (let position = 0; position < kernel * kernel; position++) {
      const row = Math.floor(output / columns) * stride - padding + Math.floor(position / kernel);
      const column = (output % columns) * stride - padding + (position % kernel);
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      contributions[row * width + column].push(output * kernel * kernel + position);
    }
  }
  const most = Math.max(1, ...contributions.map(({length}) => length));
  const zeros = rows * columns * kernel * kernel;
  const filled = contributions.flatMap((own) => [...own, ...new Array<number>(most - own.length).fill(zeros)]);
  return {positions: Int32Array.from(filled), most};
}
