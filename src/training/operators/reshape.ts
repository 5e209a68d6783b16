import {type Operator, reshape as reshaped, sizes} from './operator.ts';

/** The same elements in another shape; 0 keeps the size of an axis. */
export const reshape: Operator<{shape: number[]}> = {
  forward: (graph, [x], {shape}) => ({output: reshaped(graph, x, ...shape)}),
  gradient: (graph, {inputs: [x]}, gradOutput) => [reshaped(graph, gradOutput, ...sizes(x))],
};
