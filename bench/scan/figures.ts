import type {GrainOutcome, SceneOutcome} from './measure-scene.ts';

/** Mean over scenes of the error of the count as a share of the true one, without its sign; and with it. */
export function countErrors(scenes: readonly SceneOutcome[]): {
  scenes: number;
  error: number;
  bias: number;
  byArea: number;
} {
  const mean = (value: (scene: SceneOutcome) => number) =>
    scenes.reduce((sum, scene) => sum + value(scene), 0) / Math.max(1, scenes.length);
  return {
    scenes: scenes.length,
    error: mean(({count, found}) => Math.abs(found - count) / count),
    bias: mean(({count, found}) => (found - count) / count),
    byArea: mean(({count, foundByArea}) => Math.abs(foundByArea - count) / count),
  };
}

/** Of masks at an IoU of 0.5, all scenes' masks together. */
export function maskFigures(scenes: readonly SceneOutcome[]): {recall: number; precision: number; iou: number} {
  const sum = (value: (scene: SceneOutcome) => number) => scenes.reduce((total, scene) => total + value(scene), 0);
  const matched = sum(({masks}) => masks.matched);
  const ious = scenes.flatMap(({grains}) => grains.flatMap(({iou}) => (iou === undefined ? [] : [iou])));
  return {
    recall: matched / sum(({masks}) => masks.truth),
    precision: matched / sum(({masks}) => masks.found),
    iou: ious.reduce((total, iou) => total + iou, 0) / ious.length,
  };
}

/** Whole grains that no border cuts: those that are to be named. */
export function namedFigures(scenes: readonly SceneOutcome[]): {
  grains: number;
  found: number;
  /** Of all such grains, found or not. */
  right: number;
  accepted: number;
  /** Of those found. */
  rightOfFound: number;
  /** Of those found and accepted. */
  wrongOfAccepted: number;
} {
  const whole = grainsOf(scenes).filter(({broken, border}) => !broken && !border);
  const found = whole.filter((grain) => grain.found);
  const right = found.filter(({label, named}) => named === label);
  const accepted = found.filter(({known}) => known);
  const both = right.filter(({known}) => known);
  return {
    grains: whole.length,
    found: found.length / whole.length,
    right: right.length / whole.length,
    accepted: both.length / whole.length,
    rightOfFound: right.length / found.length,
    wrongOfAccepted: 1 - both.length / accepted.length,
  };
}

/** A grain that keeps more than this may be taken for a whole one. */
const CLEARLY_BROKEN = 0.6;

export function brokenFigures(scenes: readonly SceneOutcome[]): {
  broken: number;
  found: number;
  foundOfGraded: number;
  whole: number;
  falsely: number;
  /** Of whole grains that neither touch nor are touched. */
  falselyAlone: number;
} {
  const judged = grainsOf(scenes).filter(({border}) => !border);
  const broken = judged.filter((grain) => grain.broken && grain.keptShare <= CLEARLY_BROKEN);
  const whole = judged.filter((grain) => !grain.broken && grain.found);
  const alone = whole.filter((grain) => grain.alone);
  const said = broken.filter(({saidBroken}) => saidBroken);
  return {
    broken: broken.length,
    found: said.length / broken.length,
    foundOfGraded: said.length / broken.filter(({saidBroken}) => saidBroken !== undefined).length,
    whole: whole.length,
    falsely: whole.filter(({saidBroken}) => saidBroken).length / whole.length,
    falselyAlone: alone.filter(({saidBroken}) => saidBroken).length / alone.length,
  };
}

/** Medians over lone grains that no border cuts, of the errors without their signs. */
export function lengthFigures(scenes: readonly SceneOutcome[]): {
  grains: number;
  feret: number;
  length: number;
  mm: number;
  bias: number;
  worst: number;
} {
  const lone = grainsOf(scenes).filter(({alone, border, found}) => alone && !border && found);
  const errors = (value: (grain: GrainOutcome) => number | undefined) =>
    lone.flatMap((grain) => value(grain) ?? []).map(Math.abs);
  return {
    grains: lone.length,
    feret: quantile(
      errors(({feretError}) => feretError),
      0.5,
    ),
    length: quantile(
      errors(({lengthError}) => lengthError),
      0.5,
    ),
    mm: quantile(
      errors(({mmError}) => mmError),
      0.5,
    ),
    bias: quantile(
      lone.flatMap(({feretError}) => feretError ?? []),
      0.5,
    ),
    worst: quantile(
      errors(({feretError}) => feretError),
      0.95,
    ),
  };
}

/** How a whole grain that no border cuts lies among others, and what is said of it. */
export interface LieFigures {
  lie: string;
  grains: number;
  right: number;
  accepted: number;
  calledBroken: number;
}

/** Up to this share, a grain counts as not covered: touching ones cover a little of each other. */
const UNCOVERED = 0.02;

export function lieFigures(scenes: readonly SceneOutcome[]): LieFigures[] {
  const whole = grainsOf(scenes).filter(({broken, border}) => !broken && !border);
  const lies: readonly (readonly [string, (grain: GrainOutcome) => boolean])[] = [
    ['lies alone', ({alone}) => alone],
    ['touches others or lies on them', ({alone, coveredShare}) => !alone && coveredShare <= UNCOVERED],
    ['is 2 to 10 % covered', ({coveredShare}) => coveredShare > UNCOVERED && coveredShare <= 0.1],
    ['is 10 to 20 % covered', ({coveredShare}) => coveredShare > 0.1 && coveredShare <= 0.2],
    ['is more than 20 % covered', ({coveredShare}) => coveredShare > 0.2],
  ];
  return lies.map(([lie, belongs]) => {
    const those = whole.filter(belongs);
    const share = (is: (grain: GrainOutcome) => boolean | undefined) => those.filter(is).length / those.length;
    return {
      lie,
      grains: those.length,
      right: share(({label, named}) => named === label),
      accepted: share(({label, named, known}) => named === label && known),
      calledBroken: share(({saidBroken}) => saidBroken),
    };
  });
}

/** Over scenes: mean of all varieties' errors, and of each scene's largest, in points. @param known only of known grains */
export function shareFigures(scenes: readonly SceneOutcome[], known = false): {mean: number; largest: number} {
  const errors = scenes.map((scene) => (known ? scene.knownShareErrors : scene.shareErrors).map(Math.abs));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {mean: mean(errors.flat()), largest: mean(errors.map((each) => Math.max(0, ...each)))};
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  return low + (at - Math.floor(at)) * (high - low);
}

function grainsOf(scenes: readonly SceneOutcome[]): GrainOutcome[] {
  return scenes.flatMap(({grains}) => grains);
}
