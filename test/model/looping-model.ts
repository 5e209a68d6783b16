/** A model that never answers: a loop whose condition stays true. */
import {METADATA_KEY} from '../../src/model/metadata.ts';
import {Graph} from '../../src/onnx/graph.ts';
import {decodeModel, encodeModel} from '../../src/onnx/model.ts';
import {encodeMessage, type MessageType} from '../../src/onnx/protobuf.ts';
import {MODEL} from '../../src/onnx/schema.ts';
import {modelMetadata} from './models.ts';

const BOOL = 9;
const INT64 = 7;
const FLOAT = 1;
const GRAPH_ATTRIBUTE = 5;

/** The message of an attribute that holds a graph, which no other model here needs. */
const GRAPH_MESSAGE = (MODEL().graph as {kind: MessageType}).kind;
const LOOP: MessageType = () => ({
  input: {number: 1, kind: 'string', repeated: true},
  output: {number: 2, kind: 'string', repeated: true},
  name: {number: 3, kind: 'string'},
  opType: {number: 4, kind: 'string'},
  attribute: {
    number: 5,
    kind: () => ({
      name: {number: 1, kind: 'string'},
      g: {number: 6, kind: GRAPH_MESSAGE},
      type: {number: 20, kind: 'int64'},
    }),
    repeated: true,
  },
});

export function loopingModel(): Uint8Array {
  const graph = new Graph();
  const image = graph.input('image', 'uint8', ['N', 28, 60, 3]);
  const means = graph.node('ReduceMean', [graph.node('Cast', [image], {to: FLOAT})], {axes: [1, 2], keepdims: 0});
  graph.output('probabilities', graph.node('Softmax', [means], {axis: 1}));
  const proto = graph.toProto('looping');
  const softmax = proto.node.find(({opType}) => opType === 'Softmax')!;
  const value = (name: string, elemType: number, dims: string[]) => ({
    name,
    type: {tensorType: {elemType, shape: {dim: dims.map((dimParam) => ({dimParam}))}}},
  });
  const body = {
    name: 'body',
    node: [
      {name: 'on', opType: 'Identity', input: ['go'], output: ['goOn'], attribute: []},
      {name: 'same', opType: 'Identity', input: ['state'], output: ['next'], attribute: []},
    ],
    initializer: [],
    input: [value('round', INT64, []), value('go', BOOL, []), value('state', FLOAT, ['N', 'C'])],
    output: [value('goOn', BOOL, []), value('next', FLOAT, ['N', 'C'])],
  };
  const loop = {
    name: 'loop',
    opType: 'Loop',
    input: ['', 'always', softmax.input[0]],
    output: ['looped'],
    attribute: [{name: 'body', type: GRAPH_ATTRIBUTE, g: body}],
  };
  softmax.input[0] = 'looped';
  proto.initializer.push({name: 'always', dims: [], dataType: BOOL, rawData: Uint8Array.of(1)});
  const model = decodeModel(encodeModel(proto, {[METADATA_KEY]: JSON.stringify(modelMetadata())}));
  const nodes = model.graph.node.splice(0);
  const at = nodes.findIndex(({opType}) => opType === 'Softmax');
  // Nodes stand in the order in which they run; the one that the tables do not know is written by itself.
  const NODES: MessageType = () => ({node: {number: 1, kind: LOOP, repeated: true}});
  const nodesOf = (list: typeof nodes) => encodeMessage({node: list}, GRAPH_MESSAGE);
  const graphBytes = Buffer.concat([
    nodesOf(nodes.slice(0, at)),
    encodeMessage({node: [loop]}, NODES),
    nodesOf(nodes.slice(at)),
    encodeMessage({...model.graph, node: []}, GRAPH_MESSAGE),
  ]);
  const withRawGraph: MessageType = () => ({...MODEL(), graph: {number: 7, kind: 'bytes'}});
  return encodeMessage({...model, graph: graphBytes}, withRawGraph);
}
