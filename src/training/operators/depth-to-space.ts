import {type Operator, reshape, sizes} from './operator.ts';

/**
 * Channels become pixels: [N, B B C, H, W] to [N, C, B H, B W], channel (by B + bx) C + c to pixel (B y + by, B x + bx) of channel c
 * (Shi et al. 2016, arXiv:1609.05158). The gradient goes the same way back.
 */
export const depthToSpace: Operator<{block: number}> = {
  forward: (graph, [x], {block}) => ({output: graph.node('DepthToSpace', [x], {blocksize: block})}),
  gradient(graph, {inputs: [x], attributes: {block}}, gradOutput) {
    const [batch, depth, height, width] = sizes(x);
    const blocks = reshape(graph, gradOutput, batch, depth / (block * block), height, block, width, block);
    const deep = graph.node('Transpose', [blocks], {perm: [0, 3, 5, 1, 2, 4]});
    return [reshape(graph, deep, batch, depth, height, width)];
  },
};
