import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {readSafetensors} from './formats/safetensors.ts';
import {HubRepository} from './hub/hub-repository.ts';
import {licenseOf} from './hub/model-card.ts';
import {normalizationOf} from './hub/model-config.ts';
import {hubSettings} from './hub/settings.ts';
import {checkLicense, licenseInTag} from './license.ts';
import {type LoadWeightsOptions, MOST_BYTES} from './options.ts';
import {knownArchitecture, suggestTags} from './source.ts';
import type {Normalization, PretrainedWeights} from './weights.ts';

interface Description {
  license?: string;
  normalization?: Normalization;
}

/**
 * The weights of a tag, from `timm/TAG` on the hub. What is not known here of a tag, license and normalization, is read from its
 * model card and configuration before the weights are fetched.
 *
 * @throws RiceError like `loadWeights`
 */
export async function weightsOfTag(
  architecture: string,
  tag: string,
  options: LoadWeightsOptions,
): Promise<PretrainedWeights> {
  const {signal = new AbortController().signal, allowNonCommercial, onNote = () => {}} = options;
  const {weights} = knownArchitecture(architecture);
  const known = weights.find((each) => each.tag === tag);
  const name = `timm/${tag}`;
  const settings = hubSettings();
  const onProgress = (done: number, total: number) => options.onProgress?.(done, total);
  const limits = {largest: MOST_BYTES, signal, onProgress, onNote};
  const repository = new HubRepository(name, settings, {...limits, expected: known?.hub});
  const check = (license: string | undefined) => checkLicense({name, license, instead: weights[0]}, allowNonCommercial);

  let description: Description = known ?? defined({license: licenseInTag(tag)});
  check(description.license);
  const learn = async (revision: string) => {
    if (known) return;
    description = {...description, ...(await describe(repository, revision))};
    if (description.license === undefined) onNote(`the license of ${name} is not known: see ${repository.page}`);
    check(description.license);
  };
  try {
    const {bytes, sha256, revision} = await repository.weights(learn);
    const {license, normalization} = description;
    const record = {source: name, revision, ...defined({license}), bytes: bytes.length, sha256};
    return {tensors: readSafetensors(bytes, name).tensors, record, ...defined({normalization})};
  } catch (error) {
    if (!(error instanceof RiceError)) throw error;
    const {code, message} = error;
    const advise = (suggestions: string[]) => new RiceError(code, message, {suggestions, cause: error});
    if (code === 'DOWNLOAD_FAILED') throw advise([...error.suggestions, repository.elsewhere]);
    if (code === 'WEIGHTS_NOT_FOUND' && !known && !settings.offline) throw advise(suggestTags(architecture, tag));
    throw error;
  }
}

async function describe(repository: HubRepository, revision: string): Promise<Description> {
  const card = await repository.text(revision, 'README.md');
  const config = await repository.text(revision, 'config.json');
  return defined({license: licenseOf(card ?? ''), normalization: normalizationOf(config ?? '')});
}
