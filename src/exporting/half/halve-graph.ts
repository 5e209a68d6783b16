import type {GraphProto, NodeProto, TensorProto} from '../../onnx/schema.ts';
import {ELEMENT_TYPE} from '../../onnx/tensor.ts';
import {floatsOf, type ModelGraph, type ModelNode, withoutUnused} from '../graph/model-graph.ts';
import {toHalf} from './float16.ts';

const SUFFIX = '.half';
const FLOAT16 = ELEMENT_TYPE.float16;

/**
 * The graph with some nodes computing in float16. Values keep their names as float32: what a node computes has another name,
 * and is turned into float32 where anything else takes it, as are what these nodes take of others into float16.
 *
 * @param halved nodes that take and give floating-point numbers
 */
export function halveGraph(graph: ModelGraph, halved: ReadonlySet<ModelNode>): GraphProto {
  const node: NodeProto[] = [];
  const constants: TensorProto[] = [];
  const made = new Set<string>();
  const half = (name: string): string => {
    const producer = graph.producer(name);
    const tensor = graph.constant(name);
    if (name === '' || (tensor && tensor.dataType !== ELEMENT_TYPE.float32)) return name;
    const halfName = `${name}${SUFFIX}`;
    if ((producer && halved.has(producer)) || made.has(halfName)) return halfName;
    made.add(halfName);
    if (tensor) constants.push(halfTensor(tensor, halfName));
    else node.push(cast(name, halfName, FLOAT16));
    return halfName;
  };
  for (const each of graph.nodes) {
    if (!halved.has(each)) {
      node.push(each);
      continue;
    }
    const input = each.input.map(half);
    node.push({...each, input, output: each.output.map((name) => `${name}${SUFFIX}`)});
    for (const name of each.output)
      if (graph.isOutput(name) || graph.consumers(name).some((taker) => !halved.has(taker)))
        node.push(cast(`${name}${SUFFIX}`, name, ELEMENT_TYPE.float32));
  }
  return withoutUnused({...graph.proto, node, initializer: [...(graph.proto.initializer ?? []), ...constants]});
}

function cast(from: string, to: string, type: number): NodeProto {
  const attribute = [{name: 'to', type: 2, i: type}];
  return {name: `Cast_${to}`, opType: 'Cast', input: [from], output: [to], attribute};
}

function halfTensor(tensor: TensorProto, name: string): TensorProto {
  const rawData = new Uint8Array(toHalf(floatsOf(tensor)).buffer);
  return {...tensor, name, dataType: FLOAT16, rawData};
}
