import type {Trust} from '../../src/model/trust.ts';
import {TRUST_CHANGES} from './changes/changes.ts';
import {type Bin, calibrationOf, type Figures, figuresOf} from './figures.ts';
import type {RawAnswer} from './raw-answer.ts';
import type {Target} from './tables.ts';

/** Changes that take away what varieties are told by: a wrong answer must not be accepted. */
const STRONG = ['brightness-1.5', 'ev-1', 'length-25', 'tilt-45', 'out-30'];
/** Changes under which a model should still know what it sees. */
const KNOWN = ['side-light', 'defocus', 'warm-20', 'cool-20', 'highlight', 'motion'];
/** A bin of fewer answers says nothing. */
const LEAST_IN_BIN = 100;

export interface Measured {
  /** By change. */
  changed: ReadonlyMap<string, readonly RawAnswer[]>;
  /** The pictures as they are. */
  clean: readonly RawAnswer[];
  /** Real pictures by other cameras. */
  cameras: readonly RawAnswer[];
  /** Pictures of what is none of the labels, by set. */
  unknown: ReadonlyMap<string, readonly RawAnswer[]>;
}

/** The figures with targets, as far as they were measured. @param trust by which answers are accepted */
export function trustTargets({changed, clean, cameras, unknown}: Measured, trust: Trust): Target[] {
  const titles = new Map(TRUST_CHANGES.map(({name, title}) => [name, title]));
  const of = (name: string): Figures[] => {
    const answers = changed.get(name);
    return answers ? [figuresOf(answers, trust)] : [];
  };
  const each = (
    names: readonly string[],
    what: string,
    figure: (figures: Figures) => number,
    [least, aim]: readonly [number, number],
    small = false,
  ): Target[] =>
    names.flatMap((name) =>
      of(name).map((figures) => ({
        measure: `${titles.get(name)}: ${what}`,
        measured: figure(figures),
        least,
        aim,
        ...(small ? {small} : {}),
      })),
    );
  const wrong = ({acceptedWrong}: Figures) => acceptedWrong;
  const rejected = ({accepted}: Figures) => 1 - accepted;
  const mild = mildChanges().filter((name) => !STRONG.includes(name));
  const targets: Target[] = [];
  if (clean.length > 0) {
    const {accuracy, accepted} = figuresOf(clean, trust);
    targets.push({measure: 'as they are: right', measured: accuracy, least: 0.999, aim: 0.9995});
    targets.push({measure: 'as they are: accepted', measured: accepted, least: 0.993});
  }
  const named = cameras.filter(({probabilities, label}) => label in probabilities);
  if (named.length > 0) {
    const {rightOfAccepted, acceptedOfRight} = figuresOf(named, trust);
    targets.push({
      measure: 'other cameras: right of those accepted',
      measured: rightOfAccepted,
      least: 0.95,
      aim: 0.99,
    });
    targets.push({
      measure: 'other cameras: accepted of the rightly named',
      measured: acceptedOfRight,
      least: 0.25,
      aim: 0.6,
    });
  }
  const worst = mild
    .flatMap((name) => of(name).map((figures) => ({name, share: figures.acceptedWrong})))
    .sort((a, b) => b.share - a.share)[0];
  if (worst)
    targets.push({
      measure: `worst mild change (${titles.get(worst.name)}): accepted and wrong`,
      measured: worst.share,
      least: 0.005,
      aim: 0.001,
      small: true,
    });
  targets.push(
    ...each(STRONG, 'accepted and wrong', wrong, [0.01, 0.001], true),
    ...each(['brightness-1.3', 'ev-1'], 'right', ({accuracy}) => accuracy, [0.99, 0.995]),
    ...each(KNOWN, 'known', ({accepted}) => accepted, [0.85, 0.95]),
    ...each(['paper-shadow'], 'right and accepted', ({rightAccepted}) => rightAccepted, [0.9, 0.98]),
    ...each(['paper', 'scanner'], 'right and accepted', ({rightAccepted}) => rightAccepted, [0.97, 0.98]),
    ...each(['ridged-wood'], 'found', ({found}) => found, [0.95, 0.98]),
    ...each(['kept-0.75'], 'rejected', rejected, [0.85, 0.95]),
    ...each(['kept-0.5'], 'rejected', rejected, [0.99, 0.99]),
  );
  for (const [name, answers] of unknown)
    targets.push({measure: `${name}: rejected`, measured: rejected(figuresOf(answers, trust)), least: 0.99, aim: 1});
  const gap = largestGap(calibrationOf(mildAnswers(changed), trust));
  if (gap !== undefined)
    targets.push({measure: 'calibration under mild changes, worst bin', measured: gap, least: 0.02, small: true});
  return targets;
}

export function mildChanges(): string[] {
  return TRUST_CHANGES.filter(({groups}) => groups.includes('mild')).map(({name}) => name);
}

export function mildAnswers(changed: Measured['changed']): RawAnswer[] {
  return mildChanges().flatMap((name) => changed.get(name) ?? []);
}

/** How far the share that is right is from the mean confidence, where there are answers enough. */
function largestGap(bins: readonly Bin[]): number | undefined {
  const gaps = bins
    .filter(({answers}) => answers >= LEAST_IN_BIN)
    .map(({confidence, right}) => Math.abs(confidence - right));
  return gaps.length === 0 ? undefined : Math.max(...gaps);
}
