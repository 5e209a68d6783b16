import type {DataType, TensorData} from './tensor.ts';

/** A number, or the name of a size that is known only when the graph runs, such as the batch size. */
export type Dimension = number | string;

/** The output of a node, an input of the graph, or a constant. */
export interface Value {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly Dimension[];
  /** The elements of a constant. */
  readonly data?: TensorData;
}

/** An integer, a list of integers, a string, or `{float}`, because ONNX distinguishes 1 and 1.0 but TypeScript does not. */
export type Attribute = number | readonly number[] | string | {float: number};
export type Attributes = Record<string, Attribute>;
