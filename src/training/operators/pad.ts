import {channelsFirst, channelsLast, isChannelsLast} from './channels-last.ts';
import type {Operator} from './operator.ts';
import {sizes} from './operator.ts';

/** Zeros around the pixels of a picture, which a convolution sees where its kernel is over the border. */
export interface PadAttributes {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** x [N, C, H, W] with zeros around its pixels. The gradient is cut off there. */
export const pad: Operator<PadAttributes> = {
  forward(graph, [x], {top, left, bottom, right}) {
    if (!isChannelsLast(graph, x))
      return {output: graph.node('Pad', [x, graph.integers(0, 0, top, left, 0, 0, bottom, right), graph.scalar(0)])};
    const pads = graph.integers(0, top, left, 0, 0, bottom, right, 0);
    return {output: channelsFirst(graph, graph.node('Pad', [channelsLast(graph, x), pads, graph.scalar(0)]))};
  },
  gradient(graph, {inputs: [x], attributes: {top, left}}, gradOutput) {
    const [, , height, width] = sizes(x);
    const [start, end] = [graph.integers(top, left), graph.integers(top + height, left + width)];
    return [graph.node('Slice', [gradOutput, start, end, graph.integers(2, 3)])];
  },
};
