import type {Trust} from '../../src/model/trust.ts';
import type {RawAnswer} from './raw-answer.ts';

/** How far a set of answers can be trusted. Shares of nothing are NaN. */
export interface Figures {
  images: number;
  /** Share whose nearest label is right, accepted or not. */
  accuracy: number;
  accepted: number;
  /** Of the accepted answers. */
  rightOfAccepted: number;
  /** Of all: what misleads. */
  acceptedWrong: number;
  /** Of all. */
  rightAccepted: number;
  /** Of the answers whose nearest label is right. */
  acceptedOfRight: number;
  /** Share in which a grain was found. */
  found: number;
  /** Why answers were rejected, by number. */
  reasons: Record<string, number>;
}

/** @param trust by which answers are accepted */
export function figuresOf(answers: readonly RawAnswer[], trust: Trust): Figures {
  const images = answers.length;
  const count = (test: (answer: RawAnswer) => boolean) => answers.filter(test).length;
  const accepted = count(({known}) => known[trust]);
  const right = count(({right}) => right);
  const rightAccepted = count(({right, known}) => right && known[trust]);
  const reasons: Record<string, number> = {};
  for (const {reasons: given, known} of answers) {
    const reason = given[trust] ?? 'not said';
    if (!known[trust]) reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return {
    images,
    accuracy: right / images,
    accepted: accepted / images,
    rightOfAccepted: rightAccepted / accepted,
    acceptedWrong: (accepted - rightAccepted) / images,
    rightAccepted: rightAccepted / images,
    acceptedOfRight: rightAccepted / right,
    found: count(({grain}) => grain !== undefined) / images,
    reasons,
  };
}

/** Accepted answers whose confidence is in a range, and how many of them are right. */
export interface Bin {
  from: number;
  to: number;
  answers: number;
  confidence: number;
  right: number;
}

const EDGES = [0, 0.5, 0.7, 0.9, 0.97, 0.995, 1.000001];

export function calibrationOf(answers: readonly RawAnswer[], trust: Trust): Bin[] {
  return EDGES.slice(1).map((to, i): Bin => {
    const from = EDGES[i];
    const within = answers.filter(({confidence, known}) => known[trust] && confidence >= from && confidence < to);
    const sum = within.reduce((total, {confidence}) => total + confidence, 0);
    return {
      from,
      to: Math.min(1, to),
      answers: within.length,
      confidence: sum / within.length,
      right: within.filter(({right}) => right).length / within.length,
    };
  });
}
