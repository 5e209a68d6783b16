import {meanOf, POPULATION_PARTS, type Population, type PopulationPart} from '../base/population.ts';
import type {MeasuredViews} from '../pictures/measure-views.ts';
import {plainRows, widthOf} from '../pictures/measure-views.ts';

/** What a camera adds to each number that the network computes of a grain; parts that it does not compute are missing. */
export type CameraShift = Partial<Record<PopulationPart, Float64Array>>;

/**
 * By how much the grains of a camera differ from those of the same labels that the base model knows: the mean over the labels
 * that there are pictures of. What a camera does to one variety it does to the others, too.
 */
export function cameraShift(
  population: Population,
  measured: MeasuredViews,
  chosen: (picture: number) => boolean = () => true,
): CameraShift {
  const {labels, count} = measured;
  const pictures = Array.from({length: count}, (_, i) => i).filter(chosen);
  const present = [...new Set(pictures.map((picture) => labels[picture]))];
  const shift: CameraShift = {};
  for (const part of POPULATION_PARTS) {
    if (population.sizes[part] === 0) continue;
    const width = widthOf(measured, part);
    const rows = plainRows(measured, part);
    const sum = new Float64Array(width);
    for (const label of present) {
      const own = pictures.filter((picture) => labels[picture] === label);
      const mean = meanOf(population, label, part);
      for (const picture of own)
        for (let i = 0; i < width; i++) sum[i] += (rows[picture * width + i] - mean[i]) / own.length / present.length;
    }
    shift[part] = sum;
  }
  return shift;
}
