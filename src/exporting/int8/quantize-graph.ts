import type {AttributeProto, GraphProto, NodeProto, TensorProto} from '../../onnx/schema.ts';
import {tensorProto} from '../../onnx/tensor.ts';
import {floatsOf, type ModelGraph, type ModelNode, withoutUnused} from '../graph/model-graph.ts';
import type {NetworkNodes} from '../graph/network-nodes.ts';
import type {ActivationScale} from './activation-scale.ts';
import type {Calibration} from './calibrate.ts';
import type {Plan} from './plan.ts';
import {type QuantizedInput, quantizeWeights} from './quantize-weights.ts';

/**
 * The graph with weights of 8 bits, and the values between them turned to 8 bits and back (QuantizeLinear, DequantizeLinear).
 * Runtimes that know this form compute what lies between with whole numbers, all others the same with float32.
 *
 * A value that is computed with whole numbers keeps its name, so that whatever else takes it takes the same; one that is computed
 * with float32 stays as it is for all but the network.
 *
 * @param calibration of the plan
 */
export function quantizeGraph(
  graph: ModelGraph,
  {all}: NetworkNodes,
  plan: Plan,
  {scales, means}: Calibration,
): GraphProto {
  const quantized = new Set(plan.values);
  const asFloat = (name: string) => (plan.whole.has(name) ? `${name}.float` : name);
  const asQuantized = (name: string) => (quantized.has(name) && !plan.whole.has(name) ? `${name}.dequantized` : name);
  const parts = new Parts();
  for (const node of graph.nodes) {
    const input = plan.kept.has(node)
      ? node.input.map(asFloat)
      : all.has(node)
        ? node.input.map(asQuantized)
        : [...node.input];
    if (plan.weighted.has(node)) {
      const {weight, bias} = quantizedWeights(
        graph,
        node,
        {...scales.get(node.input[0])!, means: means.get(node.input[0])!},
        plan,
        parts,
      );
      input[1] = weight;
      if (bias !== undefined) input[2] = bias;
    }
    parts.node.push({...node, input, output: node.output.map(asFloat)});
    for (const name of node.output)
      if (quantized.has(name)) parts.throughBytes(asFloat(name), asQuantized(name), scales.get(name)!);
  }
  const initializer = [...(graph.proto.initializer ?? []), ...parts.initializer];
  return withoutUnused({...graph.proto, node: parts.node, initializer});
}

function quantizedWeights(
  graph: ModelGraph,
  node: ModelNode,
  input: QuantizedInput,
  {weightBits}: Plan,
  parts: Parts,
): {weight: string; bias: string | undefined} {
  const weight = graph.weight(node)!;
  const biasTensor = graph.constant(node.input[2] ?? '');
  const bias = biasTensor && floatsOf(biasTensor);
  const {
    weights,
    scales,
    axis,
    bias: wholeBias,
  } = quantizeWeights(node, weight, bias, input, 2 ** (weightBits - 1) - 1);
  const name = `${node.output[0]}.weight`;
  const zeros = new Int8Array(scales.length);
  parts.dequantized(name, tensorProto(`${name}.int8`, weights, weight.dims), scales, zeros, axis);
  if (!wholeBias) return {weight: name, bias: undefined};
  const biasName = `${node.output[0]}.bias`;
  const biasScales = scales.map((scale) => scale * input.scale);
  const whole = tensorProto(`${biasName}.int32`, wholeBias, [wholeBias.length]);
  parts.dequantized(biasName, whole, biasScales, new Int32Array(scales.length), 0);
  return {weight: name, bias: biasName};
}

/** The nodes and constants of the new graph. */
class Parts {
  readonly node: NodeProto[] = [];
  readonly initializer: TensorProto[] = [];

  /** A value turned to uint8 and back. */
  throughBytes(from: string, to: string, {scale, zeroPoint}: ActivationScale): void {
    const scaleName = this.#constant(`${to}.scale`, Float32Array.of(scale), []);
    const zeroName = this.#constant(`${to}.zero`, Uint8Array.of(zeroPoint), []);
    const bytes = `${to}.uint8`;
    this.node.push(
      {name: `QuantizeLinear_${to}`, opType: 'QuantizeLinear', input: [from, scaleName, zeroName], output: [bytes]},
      {name: `DequantizeLinear_${to}`, opType: 'DequantizeLinear', input: [bytes, scaleName, zeroName], output: [to]},
    );
  }

  /** A constant of whole numbers, as float32. */
  dequantized(
    name: string,
    tensor: TensorProto,
    scales: Float32Array,
    zeros: Int8Array | Int32Array,
    axis: number,
  ): void {
    this.initializer.push(tensor);
    const input = [
      tensor.name,
      this.#constant(`${name}.scale`, scales, [scales.length]),
      this.#constant(`${name}.zero`, zeros, [zeros.length]),
    ];
    const attribute: AttributeProto[] = [{name: 'axis', type: 2, i: axis}];
    this.node.push({name: `DequantizeLinear_${name}`, opType: 'DequantizeLinear', input, output: [name], attribute});
  }

  #constant(name: string, data: Parameters<typeof tensorProto>[1], shape: number[]): string {
    this.initializer.push(tensorProto(name, data, shape));
    return name;
  }
}
