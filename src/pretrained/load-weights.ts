import {RiceError} from '../common/errors.ts';
import {hasLiteNames, timmNameOfLite} from './efficientnet-lite-names.ts';
import type {LoadWeightsOptions} from './options.ts';
import {parseSource} from './source.ts';
import type {PretrainedWeights, WeightTensor} from './weights.ts';
import {weightsOfFile} from './weights-of-file.ts';
import {weightsOfTag} from './weights-of-tag.ts';

export type {LoadWeightsOptions} from './options.ts';
export type {PretrainedWeights, WeightTensor} from './weights.ts';

/**
 * Weights that others have trained, from the hub (or its cache) or from a file. The SHA-256 of a download is proved; a file is
 * read without running anything in it.
 *
 * @param architecture a network of `ARCHITECTURES`
 * @param source a tag of timm ("resnet50.a1_in1k"), or the path of a .safetensors or .pth file; undefined: the default tag
 * @throws RiceError WEIGHTS_INVALID, WEIGHTS_NOT_FOUND, WEIGHTS_LICENSE; USAGE for an unknown architecture; DOWNLOAD_FAILED,
 *   ACCESS_DENIED, CONFIG_INVALID, DISK_FULL, PATH_...; the reason of the signal
 */
export async function loadWeights(
  architecture: string,
  source: string | undefined,
  options: LoadWeightsOptions,
): Promise<PretrainedWeights> {
  const {path, tag} = parseSource(architecture, source);
  const weights = await (path === undefined
    ? weightsOfTag(architecture, tag, options)
    : weightsOfFile(architecture, path, options));
  checkFinite(weights);
  const isForeign = architecture === 'efficientnet_lite0' && hasLiteNames(weights.tensors);
  return isForeign ? {...weights, tensors: renamed(weights.tensors)} : weights;
}

/** One number that is not finite makes the whole network answer nonsense. */
function checkFinite({tensors, record: {source}}: PretrainedWeights): void {
  for (const [name, {data}] of tensors)
    if (!data.every(Number.isFinite))
      throw new RiceError('WEIGHTS_INVALID', `${source} has numbers in ${JSON.stringify(name)} that are not finite`);
}

function renamed(tensors: Map<string, WeightTensor>): Map<string, WeightTensor> {
  return new Map([...tensors].map(([name, tensor]) => [timmNameOfLite(name), tensor]));
}
