import {defined} from '../../common/defined.ts';
import {createSession} from '../../model/devices.ts';
import type {Description} from '../../model/external/description.ts';
import {ExternalAdapter} from '../../model/external/external-adapter.ts';
import type {ModelAdapter} from '../../model/model-adapter.ts';
import type {ModelFile} from '../../model/model-file.ts';
import {RiceAdapter} from '../../model/rice-adapter.ts';
import {buildEvidence, type EvidenceGraph, logitsOf, valuesToMeasure, withShapes} from './evidence-graph.ts';
import {ExtendedSession} from './extended-session.ts';
import {ModelNodes} from './model-nodes.ts';

/** A model whose score can be taken apart exactly. */
export interface OpenEvidence {
  adapter: ModelAdapter;
  graph: EvidenceGraph;
  session: ExtendedSession;
  release(): Promise<void>;
}

export interface OpenEvidenceOptions {
  threads?: number;
}

/**
 * Opens a model with the additions of `buildEvidence`, on the CPU.
 *
 * @param description of an external model
 * @returns undefined where the model cannot be taken apart: its weights are in other files, its operators are not known, or no
 *   feature map decides
 */
export async function openEvidence(
  file: ModelFile,
  description: Description | undefined,
  {threads}: OpenEvidenceOptions = {},
): Promise<OpenEvidence | undefined> {
  try {
    return await open(file, description, defined({threads}));
  } catch {
    // Whatever onnxruntime does not like of an external graph, occlusion needs none of it.
    return undefined;
  }
}

async function open(
  file: ModelFile,
  description: Description | undefined,
  threads: {threads?: number},
): Promise<OpenEvidence | undefined> {
  const nodes = new ModelNodes(file.bytes);
  const output = file.metadata ? 'probabilities' : nodes.outputs[0];
  const logits = logitsOf(nodes, output, description?.output === 'logits');
  const classes = (file.metadata ?? description)?.labels.length;
  if (logits === undefined || classes === undefined) return undefined;
  const adapterOn = (session: ExtendedSession): ModelAdapter =>
    file.metadata
      ? new RiceAdapter(file.metadata, file.outputs, session.plain, file.path)
      : new ExternalAdapter(description!, session.plain, file.path, () => {});
  const shapes = await measureShapes(file, nodes, adapterOn, threads);
  const detail = file.metadata ? 'fine' : 'last';
  const graph = buildEvidence(file.bytes, nodes, {logits, classes, detail}, shapes);
  if (!graph) return undefined;
  const session = await createSession(graph.bytes, 'cpu', threads);
  const extended = new ExtendedSession(session, nodes.outputs, {input: graph.weights, columns: classes});
  return {adapter: adapterOn(extended), graph, session: extended, release: () => session.release()};
}

/** The shapes of values for one picture, by running the graph on an empty one. */
async function measureShapes(
  {bytes}: ModelFile,
  nodes: ModelNodes,
  adapterOn: (session: ExtendedSession) => ModelAdapter,
  threads: {threads?: number},
): Promise<Map<string, number[]>> {
  const asked = withShapes(bytes, valuesToMeasure(nodes));
  const session = await createSession(asked.bytes, 'cpu', threads);
  try {
    const extended = new ExtendedSession(session, nodes.outputs);
    const adapter = adapterOn(extended);
    const {width, height} = adapter.metadata.input;
    await adapter.infer([new Uint8Array(width * height * 3)], {features: false});
    const results = await extended.again(asked.shapes.map(([, name]) => name));
    return new Map(
      asked.shapes.map(([value, name]) => [value, Array.from(results[name].data as BigInt64Array, Number)]),
    );
  } finally {
    await session.release();
  }
}
