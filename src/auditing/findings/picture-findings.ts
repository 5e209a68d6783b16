import type {Dataset} from '../../dataset/dataset.ts';
import type {Measurement} from '../pictures/measurement.ts';
import type {PictureFinding} from './types.ts';

/** From this share of pictures on that have a problem, a label is of such pictures. */
const MOSTLY = 0.5;
/** A label of fewer pictures has no usual size. */
const ENOUGH = 20;
/**
 * Beyond so many robust standard deviations (1.4826 median absolute deviations; F. R. Hampel, Journal of the American
 * Statistical Association 69 (1974) 383-393) a size is not that of the label. The figures stand in docs/audit.md.
 */
const FAR = 8;
/** The least such deviation of the logarithm: labels of pictures that are all but equal have no outliers for it. */
const LEAST_DEVIATION = 0.02;
/** A picture whose sharpness is below this share of what is usual for its label is blurred. */
const BLURRED = 0.5;

type Sized = Pick<Measurement, 'length' | 'width' | 'sharpness'>;

/**
 * Pictures without a grain or with several, with flaws, blurred, or of another size than the others of their label. Where
 * most pictures of a label are such, they are meant to be, and a note says so.
 */
export function findPictures(
  {labels, files}: Pick<Dataset, 'labels' | 'files'>,
  measurements: readonly (Measurement | undefined)[],
): {findings: PictureFinding[]; notes: string[]} {
  const findings: PictureFinding[] = [];
  const notes: string[] = [];
  labels.forEach((label, index) => {
    const members = files.flatMap(({path, label: own}, i) => {
      const measured = own === index ? measurements[i] : undefined;
      return measured ? [{path, ...measured}] : [];
    });
    const single = members.filter(({grains, flaws}) => grains === 1 && flaws.length === 0);
    const others = members.filter((each) => !single.includes(each));
    if (others.length > members.length * MOSTLY)
      notes.push(
        `most pictures of ${label} do not show a single grain, so that they were not searched for those that do not`,
      );
    else findings.push(...others.map((each) => ({path: each.path, label, ...problemOf(each)})));
    findings.push(...outliers(label, single));
  });
  return {findings, notes};
}

function problemOf({grains, flaws}: Measurement): Pick<PictureFinding, 'problem' | 'detail'> {
  if (grains === 0) return {problem: 'no grain', detail: 'no grain was found'};
  if (grains > 1) return {problem: 'several grains', detail: `${grains} grains`};
  return {problem: 'flaw', detail: flaws.join(', ')};
}

function outliers(label: string, members: readonly ({path: string} & Sized)[]): PictureFinding[] {
  if (members.length < ENOUGH) return [];
  const usual = (name: keyof Sized) => medianAndDeviation(members.map((each) => Math.log(each[name])));
  const sizes = (['length', 'width'] as const).map((name) => ({name, ...usual(name)}));
  const sharpness = Math.exp(usual('sharpness').median);
  return members.flatMap((each): PictureFinding[] => {
    const far = sizes.filter(({name, median, deviation}) => Math.abs(Math.log(each[name]) - median) > FAR * deviation);
    const times = ({name, median}: (typeof far)[number]) => (each[name] / Math.exp(median)).toFixed(2);
    const blurred = each.sharpness < sharpness * BLURRED;
    const share = Math.round((each.sharpness / sharpness) * 100);
    return [
      ...far.slice(0, 1).map((size) => {
        const detail = `${size.name} ${times(size)} times that of most ${label}`;
        return {path: each.path, label, problem: 'size' as const, detail};
      }),
      ...(blurred
        ? [{path: each.path, label, problem: 'blur' as const, detail: `${share} % of the usual sharpness`}]
        : []),
    ];
  });
}

function medianAndDeviation(values: readonly number[]): {median: number; deviation: number} {
  const median = medianOf(values);
  const deviation = 1.4826 * medianOf(values.map((value) => Math.abs(value - median)));
  return {median, deviation: Math.max(LEAST_DEVIATION, deviation)};
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
