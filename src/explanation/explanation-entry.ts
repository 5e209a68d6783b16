import {defined} from '../common/defined.ts';
import {roundToDigits} from '../common/round.ts';
import {grainCover} from './picture/grain-cover.ts';
import {heatOf, strongest} from './picture/heat.ts';
import type {Explanation, Method} from './types.ts';

/** An explanation in JSON. */
export interface ExplanationEntry {
  method: Method;
  /** The label that is explained, and the one that it is compared with; with all others where it is missing. */
  label: string;
  against?: string;
  /** Where the picture that shows it was written. */
  picture?: string;
  /** The score, and what it is the sum of; not by occlusion. */
  score?: number;
  parts?: {
    /** What the places of the map add: those of the grain with its outline, and those around it. */
    grain: number;
    around: number;
    numbers: Record<string, number>;
    constant: number;
  };
  /** The places that speak most for and against the label, in pixels of the picture after orientation. */
  strongest: {for?: Place; against?: Place};
}

interface Place {
  x: number;
  y: number;
}

/** @param picture where the picture that shows it was written */
export function toExplanationEntry(explanation: Explanation, picture?: string): ExplanationEntry {
  const {method, label, against, score} = explanation;
  return {
    method,
    label,
    ...defined({against, picture}),
    ...(score ? {score: roundToDigits(score.total), parts: partsOf(explanation, score)} : {}),
    strongest: placesOf(explanation),
  };
}

function partsOf(
  {map, window}: Explanation,
  score: NonNullable<Explanation['score']>,
): NonNullable<ExplanationEntry['parts']> {
  const cover = grainCover(window, map);
  const grain = map.values.reduce((sum, value, i) => sum + value * cover[i], 0);
  const numbers = Object.entries(score.numbers).map(([name, amount]) => [name, roundToDigits(amount)]);
  return {
    grain: roundToDigits(grain),
    around: roundToDigits(score.places - grain),
    numbers: Object.fromEntries(numbers),
    constant: roundToDigits(score.constant),
  };
}

function placesOf(explanation: Explanation): ExplanationEntry['strongest'] {
  const heat = heatOf(explanation);
  const {x, y, rightX, rightY, downX, downY} = explanation.placement;
  const placeOf = (sign: 1 | -1): Place | undefined => {
    const found = strongest(heat, sign);
    if (!found) return undefined;
    const [u, v] = found;
    const round = (value: number) => Math.round(value * 10) / 10;
    return {x: round(x + u * rightX + v * downX), y: round(y + u * rightY + v * downY)};
  };
  return defined({for: placeOf(1), against: placeOf(-1)});
}
