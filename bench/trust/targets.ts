import {formatCount} from '../../src/cli/format.ts';
import type {Trust} from '../../src/model/trust.ts';
import {TRUST_CHANGES} from './changes/changes.ts';
import {type Bin, calibrationOf, type Figures, figuresOf} from './figures.ts';
import type {RawAnswer} from './raw-answer.ts';
import type {Target} from './tables.ts';

/** What is held against targets; empty for what was not measured. */
export interface ForTargets {
  /** By change. */
  changed: ReadonlyMap<string, readonly RawAnswer[]>;
  /** The pictures as they are. */
  clean: readonly RawAnswer[];
  /** Real pictures of known varieties by other cameras. */
  cameras: readonly RawAnswer[];
  /** Pictures of what is none of the labels, by set. */
  unknown: ReadonlyMap<string, readonly RawAnswer[]>;
}

/** A figure of changes, and what it should be. */
interface Rule {
  changes: readonly string[];
  what: string;
  figure: (figures: Figures) => number;
  least: number;
  aim: number;
  small?: true;
}

/** Changes that take away what varieties are told by: a wrong answer must not be accepted. */
const STRONG = ['brightness-1.5', 'ev-1', 'length-25', 'tilt-45', 'out-30'];

const wrong = ({acceptedWrong}: Figures) => acceptedWrong;
const rejected = ({accepted}: Figures) => 1 - accepted;
const rightAndAccepted = ({rightAccepted}: Figures) => rightAccepted;

/** In both settings. */
const RULES: readonly Rule[] = [
  {changes: STRONG, what: 'accepted and wrong', figure: wrong, least: 0.01, aim: 0.001, small: true},
  {changes: ['brightness-1.3', 'ev-1'], what: 'right', figure: ({accuracy}) => accuracy, least: 0.99, aim: 0.995},
  {changes: ['ridged-wood'], what: 'found', figure: ({found}) => found, least: 0.95, aim: 0.98},
  {changes: ['kept-0.75'], what: 'rejected', figure: rejected, least: 0.85, aim: 0.95},
  {changes: ['kept-0.5'], what: 'rejected', figure: rejected, least: 0.99, aim: 0.99},
];

/** Where pictures of any camera are asked for: the strict setting need not accept them. */
const RULES_OF_ANY_CAMERA: readonly Rule[] = [
  {
    changes: ['side-light', 'defocus', 'warm-20', 'cool-20', 'highlight', 'motion'],
    what: 'known',
    figure: ({accepted}) => accepted,
    least: 0.85,
    aim: 0.95,
  },
  {changes: ['paper-shadow'], what: 'right and accepted', figure: rightAndAccepted, least: 0.9, aim: 0.98},
  {changes: ['paper', 'scanner'], what: 'right and accepted', figure: rightAndAccepted, least: 0.97, aim: 0.98},
];

/** A bin of fewer answers says nothing; one of a hundred is off by a few points by chance. */
const LEAST_IN_BIN = 30;

/** The figures with targets, as far as they were measured. @param trust by which answers are accepted */
export function trustTargets({changed, clean, cameras, unknown}: ForTargets, trust: Trust): Target[] {
  const any = trust === 'any-camera';
  return [
    ...cleanTargets(clean, trust),
    ...(any ? cameraTargets(cameras, trust) : []),
    ...worstMild(changed, trust),
    ...[...RULES, ...(any ? RULES_OF_ANY_CAMERA : [])].flatMap((rule) => targetsBy(rule, changed, trust)),
    ...Array.from(unknown, ([name, answers]) => ({
      measure: `${name}: rejected`,
      measured: rejected(figuresOf(answers, trust)),
      least: 0.99,
      aim: 1,
    })),
    ...worstBin(calibrationOf(mildAnswers(changed), trust)),
  ];
}

export function mildAnswers(changed: ForTargets['changed']): RawAnswer[] {
  return TRUST_CHANGES.filter(({groups}) => groups.includes('mild')).flatMap(({name}) => changed.get(name) ?? []);
}

function cleanTargets(answers: readonly RawAnswer[], trust: Trust): Target[] {
  if (answers.length === 0) return [];
  const {accuracy, accepted} = figuresOf(answers, trust);
  return [
    {measure: 'as they are: right', measured: accuracy, least: 0.999, aim: 0.9995},
    {measure: 'as they are: accepted', measured: accepted, least: 0.993},
  ];
}

function cameraTargets(answers: readonly RawAnswer[], trust: Trust): Target[] {
  if (answers.length === 0) return [];
  const {rightOfAccepted, acceptedOfRight} = figuresOf(answers, trust);
  return [
    {measure: 'other cameras: right of those accepted', measured: rightOfAccepted, least: 0.95, aim: 0.99},
    {measure: 'other cameras: accepted of the rightly named', measured: acceptedOfRight, least: 0.25, aim: 0.6},
  ];
}

function targetsBy({changes, what, figure, ...target}: Rule, changed: ForTargets['changed'], trust: Trust): Target[] {
  return changes.flatMap((name) => {
    const answers = changed.get(name);
    if (!answers) return [];
    return [{measure: `${titleOf(name)}: ${what}`, measured: figure(figuresOf(answers, trust)), ...target}];
  });
}

/** The mild change under which most wrong answers are accepted; those that are strong as well have a row of their own. */
function worstMild(changed: ForTargets['changed'], trust: Trust): Target[] {
  const shares = TRUST_CHANGES.flatMap(({name, title, groups}) => {
    const answers = groups.includes('mild') && !groups.includes('strong') ? changed.get(name) : undefined;
    return answers ? [{title, share: figuresOf(answers, trust).acceptedWrong}] : [];
  });
  if (shares.length === 0) return [];
  const worst = shares.reduce((most, each) => (each.share > most.share ? each : most));
  const measure = `worst mild change (${worst.title}): accepted and wrong`;
  return [{measure, measured: worst.share, least: 0.005, aim: 0.001, small: true}];
}

/** How far the share that is right is from the mean confidence, in the bin where it is farthest. */
function worstBin(bins: readonly Bin[]): Target[] {
  const gaps = bins
    .filter(({answers}) => answers >= LEAST_IN_BIN)
    .map(({from, to, answers, confidence, right}) => ({from, to, answers, gap: Math.abs(confidence - right)}));
  if (gaps.length === 0) return [];
  const {from, to, answers, gap} = gaps.reduce((most, each) => (each.gap > most.gap ? each : most));
  const measure = `mild changes: confidence ${from} to ${to} (${formatCount(answers)} answers), the worst bin, off by`;
  return [{measure, measured: gap, least: 0.02, small: true}];
}

function titleOf(name: string): string {
  return TRUST_CHANGES.find((change) => change.name === name)?.title ?? name;
}
