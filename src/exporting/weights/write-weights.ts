import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {readSafetensors, writeSafetensors} from '../../pretrained/formats/safetensors.ts';
import type {WeightTensor} from '../../pretrained/weights.ts';
import {readManifest} from '../../training/artifact/manifest.ts';
import {readTrainedNetwork} from '../../training/artifact/trained-network.ts';
import {transpose} from '../../training/initial/transpose.ts';
import {ARTIFACT_FOLDER} from '../../training/run/run-folder.ts';
import type {Weights} from '../../training/weights.ts';
import type {ExportJob, Written} from '../types.ts';

/**
 * Writes the weights of the run's best epoch by their names and as PyTorch has them, running statistics included.
 *
 * @throws RiceError EXPORT_IMPOSSIBLE for a model without its run, RUN_DAMAGED
 */
export async function writeWeights({source, output}: ExportJob): Promise<Written> {
  const {run, file} = source;
  if (run === undefined)
    throw new RiceError(
      'EXPORT_IMPOSSIBLE',
      `safetensors needs the folder of a run: in ${file.path}, normalization is folded into the convolutions, and its statistics are gone`,
      {suggestions: ['Name the folder of the run that the model is of: rice export runs/NAME --format safetensors.']},
    );
  const artifact = join(run, ARTIFACT_FOLDER);
  const manifest = readManifest(artifact);
  const {frozen, normalization, ...trained} = readTrainedNetwork(artifact, manifest);
  const tensors = new Map([trained, ...(frozen ? [frozen] : [])].flatMap(tensorsOf));
  const {name, version, labels, input, temperature} = file.metadata;
  const about = {
    name,
    version,
    network: manifest.network,
    labels,
    input,
    temperature,
    ...(normalization ? {normalization} : {}),
  };
  // PyTorch's own readers ask for the first.
  const bytes = writeSafetensors(
    tensors,
    new Map([
      ['format', 'pt'],
      ['rice', JSON.stringify(about)],
    ]),
  );
  writeAtomically(output, bytes, {durable: true});
  const read = readFileSync(output);
  const {size} = readSafetensors(read, output).tensors;
  return {
    bytes: read.length,
    sha256: createHash('sha256').update(read).digest('hex'),
    tensors: {count: size, elements: [...tensors.values()].reduce((sum, {data}) => sum + data.length, 0)},
  };
}

/** Dense weights, the only matrices, are [inputs, outputs] in rice, and the other way round in PyTorch. */
function tensorsOf({layout, parameters, statistics}: Weights): [string, WeightTensor][] {
  const learnt = layout.parameters.map(({name, shape, offset, length}): [string, WeightTensor] => {
    const data = parameters.slice(offset, offset + length);
    return [
      name,
      shape.length === 2 ? {shape: [...shape].reverse(), data: transpose(data, shape)} : {shape: [...shape], data},
    ];
  });
  const measured = layout.statistics.map(({name, offset, length}): [string, WeightTensor] => [
    name,
    {shape: [length], data: statistics.slice(offset, offset + length)},
  ]);
  return [...learnt, ...measured];
}
