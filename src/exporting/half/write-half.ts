import {decodeModel} from '../../onnx/model.ts';
import {comparedWindows, compareWithSource} from '../compare/compare-models.ts';
import {floatsOf, ModelGraph, type ModelNode} from '../graph/model-graph.ts';
import {networkNodes} from '../graph/network-nodes.ts';
import {valueStatistics} from '../graph/value-statistics.ts';
import {firstOf, type Windows} from '../pictures/windows.ts';
import type {ExportJob, Written} from '../types.ts';
import {encodeExport, writeModelFile} from '../write-model.ts';
import {LARGEST_HALF} from './float16.ts';
import {halveGraph} from './halve-graph.ts';

/** Windows by which it is seen which numbers are too large. */
const LOOKED_AT = 64;
/** Twice what was seen must fit. */
const LARGEST_SEEN = LARGEST_HALF / 2;
/** Below this share of pictures with the same label, the user is warned. */
const ENOUGH = 0.999;

/**
 * Writes the model with its network in float16. The first convolution, which takes the pixels, all that measures pictures, and
 * nodes whose numbers are too large for float16 stay float32, and so do input and outputs.
 */
export async function writeHalf(job: ExportJob): Promise<Written> {
  const pictures = await job.pictures();
  try {
    const {file} = job.source;
    const graph = new ModelGraph(decodeModel(file.bytes).graph);
    const halved = await nodesThatFit(graph, firstOf(comparedWindows(job, pictures), LOOKED_AT));
    const encode = (metadata: typeof file.metadata) => encodeExport(halveGraph(graph, halved), metadata);
    const compared = await compareWithSource(job, encode(file.metadata), pictures);
    if (compared.agreement < ENOUGH)
      job.events.onWarning(
        `float16 answers ${compared.images - Math.round(compared.agreement * compared.images)} of ${compared.images} pictures with another label`,
      );
    const record = {format: 'onnx-fp16', from: file.sha256, compared};
    return {...writeModelFile(job.output, encode({...file.metadata, export: record})), compared};
  } finally {
    pictures?.close();
  }
}

/** The nodes of the network but the first, as far as float16 holds their weights and what they were seen to compute. */
async function nodesThatFit(graph: ModelGraph, windows: Windows): Promise<Set<ModelNode>> {
  const {weighted, all} = networkNodes(graph);
  const candidates = [...all].filter((node) => node !== weighted[0]);
  const outputs = candidates.flatMap(({output}) => output);
  const statistics = await valueStatistics(graph, outputs, windows);
  const fits = (node: ModelNode) => {
    const {low, high} = statistics.get(node.output[0])!;
    const weight = graph.weight(node);
    return (
      Math.max(-low, high) <= LARGEST_SEEN &&
      (!weight || floatsOf(weight).every((each) => Math.abs(each) <= LARGEST_HALF))
    );
  };
  return new Set(candidates.filter(fits));
}
