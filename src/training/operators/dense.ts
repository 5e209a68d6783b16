import type {Operator} from './operator.ts';

/** x W + b for x [N, I], W [I, O], b [O]. dx = dy W', dW = x' dy, db = sum of dy over the batch. */
export const dense: Operator<void> = {
  forward: (graph, [x, weight, bias]) => ({output: graph.node('Gemm', [x, weight, bias])}),
  gradient(graph, {inputs: [x, weight]}, gradOutput, wanted) {
    return [
      wanted[0] ? graph.node('Gemm', [gradOutput, weight], {transB: 1}) : undefined,
      wanted[1] ? graph.node('Gemm', [x, gradOutput], {transA: 1}) : undefined,
      wanted[2] ? graph.node('ReduceSum', [gradOutput, graph.integers(0)], {keepdims: 0}) : undefined,
    ];
  },
};

/**
 * Inverted dropout (Srivastava et al. 2014): x scaled by 1 / (1 - rate) where `noise`, uniform in [0, 1) and of x's
 * shape, is at least `rate`, and 0 elsewhere. The noise is an input, so that a run can be repeated exactly.
 */
export const dropout: Operator<{rate: number}> = {
  forward(graph, [x, noise], {rate}) {
    const kept = graph.node('Cast', [graph.node('Less', [graph.scalar(rate), noise])], {to: 1});
    const mask = graph.node('Mul', [kept, graph.scalar(1 / (1 - rate))]);
    return {output: graph.node('Mul', [x, mask]), saved: [mask]};
  },
  gradient: (graph, {saved: [mask]}, gradOutput) => [graph.node('Mul', [gradOutput, mask]), undefined],
};
