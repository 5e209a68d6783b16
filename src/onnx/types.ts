import type {DataType, TensorData} from './tensor.ts';

/** A number, or a name for a size that is known only when the graph runs (the batch). */
export type Dimension = number | string;

/** The result of a node, an input, or a constant. */
export interface Value {
  readonly name: string;
  readonly type: DataType;
  readonly shape: readonly Dimension[];
  /** The elements, where the value is a constant. */
  readonly data?: TensorData;
}

/** An integer, a list of integers, a text, or `{float}`: ONNX tells 1 and 1.0 apart, TypeScript does not. */
export type Attribute = number | readonly number[] | string | {float: number};
export type Attributes = Record<string, Attribute>;
