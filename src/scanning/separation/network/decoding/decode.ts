import {assign} from './assign.ts';
import {tidy} from './fragments.ts';
import {joinParts} from './join.ts';
import {fillUnlabeled, paint, smooth} from './label-map.ts';
import {findSeeds} from './seeds.ts';
import {VoteGrid} from './vote-grid.ts';
import {collectVotes, type Fields} from './votes.ts';

/**
 * From the network's answer to grains. Every cell of the foreground votes for the centroid of its grain and describes the grain's ellipse;
 * where many votes meet is a grain, and each cell goes to the grain that its vote meets best. So a grain whose middle another one
 * covers is one grain.
 *
 * @param mask 0 or 1 for each of width x height pixels
 * @returns 0 outside of the mask, otherwise the grain's number from 1
 */
export function decode(fields: Fields, mask: Uint8Array, width: number, height: number): Int32Array {
  const votes = collectVotes(fields, mask, width, height);
  const seeds = findSeeds(votes, new VoteGrid(votes, width, height));
  const labels = assign(votes, seeds, fields.columns, width, height);
  joinParts(votes, labels, seeds);
  const map = paint(votes, labels, mask, fields.columns, width, height);
  fillUnlabeled(map, mask, width);
  labelRest(map, mask, width, seeds.length);
  const smoothed = smooth(map, width, height);
  tidy(smoothed, width);
  return smoothed;
}

/** What no grain reaches is one of its own, as far as it is connected. */
function labelRest(map: Int32Array, mask: Uint8Array, width: number, count: number): void {
  let last = count;
  for (let start = 0; start < map.length; start++) {
    if (mask[start] === 0 || map[start] !== 0) continue;
    map[start] = ++last;
    const stack = [start];
    while (stack.length > 0) {
      const i = stack.pop()!;
      const x = i % width;
      for (const j of [x > 0 ? i - 1 : -1, x < width - 1 ? i + 1 : -1, i - width, i + width])
        if (j >= 0 && j < map.length && mask[j] !== 0 && map[j] === 0) {
          map[j] = last;
          stack.push(j);
        }
    }
  }
}
