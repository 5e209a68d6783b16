import {RiceError} from '../../common/errors.ts';
import {layoutOfAnyLabels} from '../layers/layout-layers.ts';
import {NETWORKS, type NetworkName} from '../networks/index.ts';
import type {Network} from '../networks/network.ts';
import type {Layout} from '../parameters.ts';
import {isOfClassifier} from './groups.ts';
import type {NamedTensors} from './initial-weights.ts';

/** At most so many tensors are named in an error. */
const NAMED = 6;
/** Names do not depend on the size of the pictures. */
const ANY_SIZE = {width: 224, height: 224};

/**
 * Holds tensors against the weights of a network: apart from the classifier, which is made anew, all must be there, in the same
 * shape, and nothing else.
 *
 * @param source what the tensors are from, for messages
 * @throws RiceError WEIGHTS_MISMATCH, which lists names and shapes
 */
export function checkWeights(name: NetworkName, layout: Layout, tensors: NamedTensors, source: string): void {
  const problems = problemsOf(NETWORKS[name], layout, tensors);
  if (problems.length === 0) return;
  const more = problems.length - NAMED;
  const other = networkOf(tensors);
  const listed = `${problems.slice(0, NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  throw new RiceError(
    'WEIGHTS_MISMATCH',
    `${source} does not have the weights of ${name}: ${other === undefined ? listed : `it has those of ${other}`}`,
    other === undefined ? {} : {suggestions: [`Train that network: --arch ${other}`]},
  );
}

function problemsOf({parts}: Network, {parameters, statistics}: Layout, tensors: NamedTensors): string[] {
  const expected = new Map<string, readonly number[]>([
    ...parameters.map(({name, shape, transposed}) => [name, transposed ? [...shape].reverse() : shape] as const),
    ...statistics.map(({name, length}) => [name, [length]] as const),
  ]);
  const concerns = (name: string) => !isOfClassifier(parts!, name);
  const missing = [...expected]
    .filter(([name]) => concerns(name))
    .flatMap(([name, shape]) => {
      const found = tensors.get(name);
      if (!found) return [`${name} [${shape}] is missing`];
      return `${found.shape}` === `${shape}` ? [] : [`${name} is [${found.shape}], not [${shape}]`];
    });
  const unknown = [...tensors].filter(([name]) => concerns(name) && !expected.has(name));
  return [...missing, ...unknown.map(([name, {shape}]) => `${name} [${shape}] is not in the network`)];
}

/** The network whose weights these are, if it is one of those that can begin with the weights of others. */
function networkOf(tensors: NamedTensors): string | undefined {
  return Object.entries<Network>(NETWORKS).find(
    ([, network]) => network.parts && problemsOf(network, layoutOfAnyLabels(network, ANY_SIZE), tensors).length === 0,
  )?.[0];
}
