import {defined} from '../../src/common/defined.ts';
import type {Prediction} from '../../src/model/classifier.ts';
import {DEFAULT_TRUST, TRUSTS, type Trust} from '../../src/model/trust.ts';

/** One answer, with all that it was made of: what `--dump` writes a line of. */
export interface RawAnswer {
  /** The change; `clean`, `camera`, `unknown` or `drawn` for pictures as they are. */
  change: string;
  /** The true label, or the name of a folder. */
  label: string;
  path: string;
  /** The most probable label, also where it is rejected. */
  predicted: string;
  right: boolean;
  /** Whether the answer is accepted, by setting. */
  known: Record<Trust, boolean>;
  /** Why it is not, by setting. */
  reasons: Partial<Record<Trust, string>>;
  confidence: number;
  probabilities: Record<string, number>;
  novelty?: number;
  capture?: number;
  strangeness?: number;
  sizeNovelty?: number;
  /** Of the grain, in pixels of the picture; missing where none was found. */
  grain?: {length: number; width: number; area: number; objects: number};
}

/** A picture's predictions in each setting, in the order of TRUSTS: they differ in whether they are accepted. */
export type Judged = readonly Prediction[];

export function rawAnswer(of: Pick<RawAnswer, 'change' | 'label' | 'path'>, judged: Judged): RawAnswer {
  const {
    label: predicted,
    confidence,
    probabilities,
    novelty,
    capture,
    strangeness,
    sizeNovelty,
    grain,
  } = judged[TRUSTS.indexOf(DEFAULT_TRUST)];
  const each = <Value>(value: (prediction: Prediction) => Value) =>
    Object.fromEntries(TRUSTS.map((trust, i) => [trust, value(judged[i])])) as Record<Trust, Value>;
  return {
    ...of,
    predicted,
    right: predicted === of.label,
    known: each(({known}) => known),
    reasons: each(({reason}) => reason) as Partial<Record<Trust, string>>,
    confidence,
    probabilities,
    ...defined({novelty, capture, strangeness, sizeNovelty}),
    ...(grain && {grain: {length: grain.length, width: grain.width, area: grain.area, objects: grain.objects}}),
  };
}
