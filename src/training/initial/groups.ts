import type {Network, NetworkParts} from '../networks/network.ts';
import type {Layout} from '../parameters.ts';

/** Which layers do not learn: the first so many groups of a network, or all but its classifier. */
export type Freeze = number | 'backbone';

/**
 * The groups of a network's weights, numbered from the pixels to the classifier: the stem, each block, what follows the blocks, and
 * the classifier. It is the division by which timm reduces learning rates from layer to layer.
 *
 * @returns the group of each parameter and each running statistic, by name
 */
export function groupsOf(parts: NetworkParts, {parameters, statistics}: Layout): Map<string, number> {
  // Each of these lists is in the order of the layers.
  const lists = [parameters.filter(({decayed}) => decayed), parameters.filter(({decayed}) => !decayed), statistics];
  const keys = lists.flatMap((list) => {
    let blocks = false;
    return list.map(({name}) => {
      const block = parts.block.exec(name)?.[0];
      blocks ||= block !== undefined;
      return {name, key: block ?? (isOfHead(parts, name) ? 'head' : blocks ? 'neck' : 'stem')};
    });
  });
  const order = [...new Set(keys.map(({key}) => key))];
  return new Map(keys.map(({name, key}) => [name, order.indexOf(key)]));
}

/** Whether a weight is one of the classifier's. */
export function isOfClassifier({classifier}: NetworkParts, name: string): boolean {
  return name.startsWith(`${classifier}.`);
}

/** The classifier, with the normalization before it where there is one. */
function isOfHead({classifier}: NetworkParts, name: string): boolean {
  return name.startsWith(`${classifier.split('.')[0]}.`);
}

/** The number of groups of a network. */
export function countGroups(parts: NetworkParts, layout: Layout): number {
  return 1 + Math.max(...groupsOf(parts, layout).values());
}

/** Whether a weight does not learn. */
export function isFrozen({parts}: Network, layout: Layout, freeze: Freeze | undefined): (name: string) => boolean {
  if (freeze === undefined || !parts) return () => false;
  if (freeze === 'backbone') return (name) => !isOfClassifier(parts, name);
  const groups = groupsOf(parts, layout);
  return (name) => groups.get(name)! < freeze;
}

export interface RateOptions {
  /** Factor of the learning rate from each group to the one before it (Howard & Ruder 2018, arXiv:1801.06146); 1 if missing. */
  layerDecay?: number;
  /** Factor of the classifier's learning rate; 1 if missing. */
  head?: number;
}

/** Factors of the learning rate by the names of parameters. */
export function learningRateFactors(
  {parts}: Network,
  layout: Layout,
  {layerDecay = 1, head = 1}: RateOptions,
): Map<string, number> {
  if (!parts || (layerDecay === 1 && head === 1)) return new Map();
  const groups = groupsOf(parts, layout);
  const last = Math.max(...groups.values());
  return new Map(
    layout.parameters.map(({name}) => [
      name,
      layerDecay ** (last - groups.get(name)!) * (isOfClassifier(parts, name) ? head : 1),
    ]),
  );
}
