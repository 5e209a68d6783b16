import type {Frame} from '../image/frame.ts';
import {type FindOptions, type FoundGrains, findGrains, type GrainNetworks} from './find-grains.ts';
import {numberInReadingOrder} from './reading-order.ts';

/**
 * As `findGrains`, each region by itself: the fields of a target have grounds of different colors, and what is the ground of
 * one would be a thing in the other. A region in which nothing lies adds nothing.
 */
export async function findInRegions(
  picture: Frame,
  networks: GrainNetworks,
  options: FindOptions = {},
): Promise<FoundGrains> {
  const {regions} = options;
  if (!regions || regions.length < 2) return findGrains(picture, networks, options);
  const found: FoundGrains[] = [];
  for (const region of regions) found.push(await findGrains(picture, networks, {...options, regions: [region]}));
  // What is said of a typical grain is said of most of them.
  const [most] = [...found].sort((a, b) => b.grains.length - a.grains.length);
  return {
    ...most,
    grains: numberInReadingOrder(found.flatMap(({grains}) => grains)),
    objects: found.flatMap(({objects}) => objects),
    countByArea: found.reduce((sum, {countByArea}) => sum + countByArea, 0),
  };
}
