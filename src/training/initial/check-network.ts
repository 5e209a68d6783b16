import {RiceError} from '../../common/errors.ts';
import type {Manifest} from '../artifact/manifest.ts';
import type {TrainingConfiguration} from '../configuration.ts';
import {layoutOf, layoutOfAnyLabels} from '../layers/layout-layers.ts';
import {NETWORKS} from '../networks/index.ts';
import type {Network} from '../networks/network.ts';
import type {Layout} from '../parameters.ts';
import {countGroups} from './groups.ts';

/**
 * Rejects pictures that are too small for the network, and the freezing of all its layers, before the pictures are looked at.
 *
 * @throws RiceError OUT_OF_RANGE
 */
export function checkNetwork({
  network: name,
  input,
  freeze,
}: Pick<TrainingConfiguration, 'network' | 'input' | 'freeze'>): void {
  const network: Network = NETWORKS[name];
  let layout: Layout;
  try {
    layout = layoutOfAnyLabels(network, input);
  } catch (error) {
    throw new RiceError('OUT_OF_RANGE', `pictures of ${input.width} x ${input.height} are too small for ${name}`, {
      suggestions: ['Raise --image-size.'],
      cause: error,
    });
  }
  if (typeof freeze !== 'number' || !network.parts) return;
  const groups = countGroups(network.parts, layout);
  if (freeze < groups) return;
  throw new RiceError(
    'OUT_OF_RANGE',
    `--freeze ${freeze}: ${name} has ${groups} groups of layers, of which the last must learn`,
    {suggestions: [`Give a number from 1 to ${groups - 1}, or backbone for all but the classifier.`]},
  );
}

/**
 * Rejects a run whose network has other layers in this version of rice than in the one that it was begun with.
 *
 * @throws RiceError RUN_DAMAGED
 */
export function checkSameNetwork(
  run: string,
  {network: name, input, labels, layout, frozen}: Pick<Manifest, 'network' | 'input' | 'labels' | 'layout' | 'frozen'>,
): void {
  const describe = (layouts: readonly Layout[]) =>
    layouts
      .flatMap(({parameters, statistics}) => [...parameters, ...statistics])
      .map(({name: each, length}) => `${each} ${length}`)
      .sort()
      .join();
  const network: Network | undefined = NETWORKS[name];
  const written = describe(frozen ? [layout, frozen] : [layout]);
  if (network && describe([layoutOf(network, input, labels.length)]) === written) return;
  throw new RiceError(
    'RUN_DAMAGED',
    `${run} was begun with a version of rice whose network ${name} has other layers than that of this one`,
    {suggestions: ['Finish it with that version, or train anew.']},
  );
}
