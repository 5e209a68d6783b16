import type {FoundGrains} from './find-grains.ts';
import {LEAST_LENGTH} from './nothing-measured.ts';

/** More touching grains than this share of all make a heap. */
const HEAP_SHARE = 0.7;
const LEAST_HEAP = 12;
/** Counts by separation and by area that differ by more than this share are not of grains. */
const UNLIKE = 0.25;
/** An edge wider than this share of a grain's width is blurred. */
const BLURRED = 0.4;

/** For people: what limits what a picture says, and what to do. */
export function pictureWarnings({grains, blur, bright, countByArea}: FoundGrains): string[] {
  if (grains.length === 0)
    return [
      'No grain was found: nothing stands out from the ground. Spread the grains on a plain ground that is much darker than they are, without strong shadows.',
    ];
  const warnings: string[] = [];
  if (grains.length === 1) warnings.push('Only one grain was found: rice predict tells more about a single one.');
  const measured = grains.filter(({border}) => !border);
  if (measured.length === 0)
    warnings.push("All grains are cut by the picture's border. Leave some ground around them.");
  const lengths = measured.map(({length}) => length).sort((a, b) => a - b);
  const typical = lengths[lengths.length >> 1] ?? 0;
  if (measured.length > 0 && typical < LEAST_LENGTH)
    warnings.push(
      `The grains are about ${Math.round(typical)} pixels long, too few to tell varieties or broken ones. Move closer, or take several pictures.`,
    );
  if (blur > BLURRED)
    warnings.push('The picture is blurred: lengths and varieties are unsure. Hold the camera still, and let it focus.');
  if (bright)
    warnings.push(
      'The ground is about as bright as rice: some grains may be missed, and lengths are less exact. Use dark or colored paper.',
    );
  if (grains.length >= LEAST_HEAP && Math.abs(countByArea - grains.length) > UNLIKE * grains.length)
    warnings.push(
      `What was found does not look like grains on a plain ground: ${grains.length} parts with the area of ${countByArea} grains. Do not trust the figures; look at each: --annotate.`,
    );
  const touching = grains.filter((grain) => grain.touching).length;
  if (grains.length >= LEAST_HEAP && touching > HEAP_SHARE * grains.length)
    warnings.push(
      `${touching} of ${grains.length} grains touch or overlap others: what lies below is not seen. Spread them, and scan again.`,
    );
  return warnings;
}
