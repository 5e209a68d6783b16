import type {ValueInfoProto} from '../onnx/schema.ts';

/** ONNX's numbers of element types. */
export const FLOAT32 = 1;
export const UINT8 = 2;

/** The sizes of a tensor; undefined where one is not known before the graph runs. */
export type Shape = (number | undefined)[];

/** The sizes of the input or output of a name; undefined where there is none of that name and type of elements. */
export function shapeOf(values: readonly ValueInfoProto[], name: string, elemType: number): Shape | undefined {
  const tensor = values.find((value) => value.name === name)?.type?.tensorType;
  if (tensor?.elemType !== elemType) return undefined;
  return (tensor.shape?.dim ?? []).map(({dimValue}) => dimValue);
}
