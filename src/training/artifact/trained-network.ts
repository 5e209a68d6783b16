import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import type {TrainedNetwork} from '../graphs/model-graph.ts';
import {NETWORKS} from '../networks/index.ts';
import {readProgress, readState} from './checkpoint.ts';
import {type Manifest, readFrozen} from './manifest.ts';

/**
 * The network with the weights of the best epoch, and with those that did not learn.
 *
 * @throws RiceError RUN_DAMAGED if there are none, or they were changed
 */
export function readTrainedNetwork(artifact: string, manifest: Manifest): TrainedNetwork {
  const best = readProgress(artifact)?.best;
  if (!best) throw new RiceError('RUN_DAMAGED', `${artifact} holds no trained weights`);
  const {network, layout, normalization} = manifest;
  const vectors = [
    {name: 'parameters', length: layout.parameterCount},
    {name: 'statistics', length: layout.statisticCount},
  ];
  const {parameters, statistics} = readState(artifact, best, vectors);
  const frozen = readFrozen(artifact, manifest);
  return {network: NETWORKS[network], layout, parameters, statistics, ...defined({frozen, normalization})};
}
