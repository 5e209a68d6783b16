import type {Graph} from '../../onnx/graph.ts';
import type {Value} from '../../onnx/types.ts';
import {channelsFirst, channelsLast} from './channels-last.ts';
import {concatenate} from './concatenate.ts';
import type {ConvolutionAttributes} from './convolution-attributes.ts';
import {reshape, sizes} from './operator.ts';

/**
 * dx of a strided convolution without dilation. With a stride of s, the input pixels fall into s x s phases: those of one phase, a
 * picture of every s-th row and column, were all seen by the same positions of the kernel. So each phase is a convolution of dy with
 * these positions alone, as one product of matrices, and dx is all phases interleaved.
 *
 * @param weight [O, C, K, K]
 */
export function gradInputByPhases(
  graph: Graph,
  x: Value,
  weight: Value,
  gradOutput: Value,
  {stride, padding}: ConvolutionAttributes,
): Value {
  const [batch, channels, height, width] = sizes(x);
  const [outputs, , kernel] = sizes(weight);
  const [rows, columns] = [height, width].map((size) => Math.ceil(size / stride));
  const phases = Array.from({length: stride}, (_, phase) => tapsOf(phase, kernel, stride, padding));
  const source = extend(graph, channelsLast(graph, gradOutput), rows, columns, phases.flat());
  const kernels = graph.node('Transpose', [reshape(graph, weight, outputs, channels, kernel * kernel)], {
    perm: [2, 0, 1],
  });
  const phaseOf = (down: Tap[], across: Tap[]): Value => {
    const taps = down.flatMap((y) => across.map((x) => ({...y, x})));
    if (taps.length === 0)
      return graph.node('Expand', [graph.scalar(0), graph.integers(batch, rows, columns, channels)]);
    const seen = windowsAt(
      graph,
      source,
      taps.map(({shift, x}) => [shift, x.shift]),
      rows,
      columns,
    );
    const own = graph.node('Gather', [
      kernels,
      graph.constant(Int32Array.from(taps, ({position, x}) => position * kernel + x.position)),
    ]);
    return graph.node('MatMul', [
      reshape(graph, seen, batch, rows, columns, taps.length * outputs),
      reshape(graph, own, taps.length * outputs, channels),
    ]);
  };
  const parts = phases.map((down) => phases.map((across) => phaseOf(down, across)));
  return channelsFirst(graph, interleave(graph, parts, height, width));
}

/**
 * Pictures of every s-th row and column, put together: s x s pictures [N, H, W, C], by the first row and column of each, to
 * [N, height, width, C], of which what is too much is cut off.
 */
export function interleave(graph: Graph, parts: Value[][], height: number, width: number): Value {
  const stride = parts.length;
  const [batch, rows, columns, channels] = sizes(parts[0][0]);
  const strips = parts.map((across) => {
    const wide = concatenate(graph, across, 3);
    const strip = reshape(graph, wide, batch, rows, columns * stride, channels);
    return reshape(graph, cut(graph, strip, 2, width), batch, rows, 1, width * channels);
  });
  const whole = reshape(graph, concatenate(graph, strips, 2), batch, rows * stride, width, channels);
  return cut(graph, whole, 1, height);
}

/** A position of the kernel in one direction that saw the pixels of a phase, and how far the output pixel is shifted. */
interface Tap {
  position: number;
  shift: number;
}

/** Input pixel s a + phase was seen at position k by output pixel a + (phase + padding - k) / s. */
function tapsOf(phase: number, kernel: number, stride: number, padding: number): Tap[] {
  const taps: Tap[] = [];
  for (let position = (phase + padding) % stride; position < kernel; position += stride)
    taps.push({position, shift: (phase + padding - position) / stride});
  return taps;
}

/** Pictures [N, H, W, C] with zeros around them, and where their first pixel then lies. */
interface Extended {
  value: Value;
  top: number;
  left: number;
}

/** Adds the zeros that windows of `rows` x `columns` pixels at each shift reach. */
function extend(graph: Graph, y: Value, rows: number, columns: number, taps: Tap[]): Extended {
  const [, height, width] = sizes(y);
  const shifts = taps.map(({shift}) => shift);
  const before = Math.max(0, -Math.min(...shifts));
  const after = (count: number, size: number): number => Math.max(0, count + Math.max(...shifts) - size);
  const [below, right] = [after(rows, height), after(columns, width)];
  if (before + below + right === 0) return {value: y, top: 0, left: 0};
  const pads = graph.integers(0, before, before, 0, 0, below, right, 0);
  return {value: graph.node('Pad', [y, pads]), top: before, left: before};
}

/** The pixels at each shift of each of `rows` x `columns` pixels, side by side: [N, rows columns, shifts C]. */
function windowsAt(
  graph: Graph,
  {value, top, left}: Extended,
  shifts: number[][],
  rows: number,
  columns: number,
): Value {
  const [batch, height, width, channels] = sizes(value);
  const [down, across] = shifts[0];
  if (shifts.length === 1 && down + top === 0 && across + left === 0 && height === rows && width === columns)
    return value;
  const positions = new Int32Array(rows * columns * shifts.length);
  let at = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (const [y, x] of shifts) positions[at++] = (row + y + top) * width + column + x + left;
  return graph.node('Gather', [reshape(graph, value, batch, height * width, channels), graph.constant(positions)], {
    axis: 1,
  });
}

/** The first `size` elements along an axis. */
function cut(graph: Graph, value: Value, axis: number, size: number): Value {
  if (value.shape[axis] === size) return value;
  return graph.node('Slice', [value, graph.integers(0), graph.integers(size), graph.integers(axis)]);
}
