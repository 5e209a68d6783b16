import {defined} from '../common/defined.ts';
import type {CloseCut} from '../image/close-cut.ts';
import {FLAWS} from '../image/flaws/flaw.ts';
import {DEFAULT_TRUST, type Trust} from './trust.ts';

/** Reasons for rejecting an answer, in the order in which they are checked; the first that applies is reported. */
export const REASONS = [
  'no grain',
  'several grains',
  ...FLAWS,
  'not one of the known varieties',
  'capture too different to be sure',
  'low confidence',
] as const;
export type Reason = (typeof REASONS)[number];

/** What each reason means and what helps. */
export const REASON_HELP: Readonly<Record<Reason, string>> = {
  'no grain':
    'Nothing stands out from the background. Put one grain on a plain background that is much darker or lighter.',
  'several grains':
    'Only the largest was classified. rice scan finds, measures and names every grain of such a picture; for rice predict, take pictures of one grain each, with nothing else in them.',
  'something else in the picture':
    'A ruler, writing, a coin or a crumb may be taken for the grain. Take pictures of one grain alone; rice scan finds the grains among other things.',
  'out of frame':
    'The border of the picture cuts the grain, and what is missing may be what tells its variety. Move it into the middle, with ground all around.',
  'touching something':
    'Something hangs on the grain and changes its shape: a crumb, a hair or another grain. Lay the grain alone.',
  'too small':
    'Too few pixels show the grain. Move closer, or use a picture of higher resolution: 100 pixels along the grain are enough.',
  overexposed:
    'Much of the grain is pure white, and its surface is lost. Use less light or a shorter exposure; on most phones, tap the grain before the picture is taken.',
  'too blurred': 'The edge of the grain is soft. Focus on the grain, keep the camera still, and wipe its lens.',
  'not one of the known varieties':
    'Another variety, a broken grain, no rice, or light and scale unlike all that the model was shown. To have it known, train with pictures of it (rice train).',
  'capture too different to be sure':
    'Scale, light or color differ too much from the training pictures. Take pictures like those, on a plain dark background, or train with your own (rice train).',
  'low confidence': 'It lies between varieties. A sharper picture, or one of the other side of the grain, may help.',
};

/** How many times its threshold a capture, and a size, is far beyond it. */
const FAR_CAPTURE = 2;
const FAR_SIZE = 1.3;

/** A model's scores for a picture. */
export interface Scores {
  confidence: number;
  /** Distance of the grain from all varieties, whatever the camera; missing if the model does not compute it. */
  novelty?: number;
  /** Distance of scale, color and brightness from the training pictures; missing if the model does not compute it. */
  capture?: number;
  /** Distance of the grain from all varieties with its size, color and light taken at face value; missing if not computed. */
  strangeness?: number;
  /** Distance of size and proportions from those of all varieties, taken at face value; missing if not computed. */
  sizeNovelty?: number;
}

/** A confidence below its threshold, or another score above its own, rejects an answer; a missing one is not checked. */
export interface Thresholds extends Scores {
  /** The confidence required instead if the capture, or the size if it has a threshold, is far beyond its threshold. */
  sure?: number;
  /** A capture above this rejects an answer, whatever its confidence. */
  captureLimit?: number;
  /**
   * Size and color that are both above these are those of another camera, whose effect on the shape is not known: one of them
   * alone is another distance or another lamp.
   */
  unlike?: Required<Pick<Scores, 'strangeness' | 'sizeNovelty'>>;
  /** What holds instead for pictures that are said to be like the training pictures. */
  sameCamera?: Scores;
}

/** What an answer is judged by beside its scores. */
export interface JudgedBy {
  /** `any-camera` by default. */
  trust?: Trust;
  /** What is not known of a grain that fills the picture, unless the model was trained on such pictures. */
  closelyCut?: CloseCut | undefined;
}

/** Why the scores reject an answer, if they do. */
export function rejectionOf(
  scores: Scores,
  thresholds: Thresholds,
  {trust = DEFAULT_TRUST, closelyCut}: JudgedBy = {},
): Reason | undefined {
  if (trust === 'same-camera') return rejectionOfSameCamera(scores, sameCameraThresholds(thresholds), closelyCut);
  return rejectionOfAnyCamera(scores, thresholds, closelyCut);
}

/** In units of the threshold: what is farther from all varieties is none, however good the picture is. */
const FAR = 2;

/** Whether no flaw of the picture, such as blur, explains how far the grain is from all varieties. */
export function isFarFromAll({novelty}: Scores, thresholds: Thresholds): boolean {
  return novelty !== undefined && thresholds.novelty !== undefined && novelty > FAR * thresholds.novelty;
}

/** The same thresholds with another confidence, required for every capture. */
export function withConfidence({sameCamera, ...thresholds}: Thresholds, confidence: number): Thresholds {
  const same = sameCamera && {sameCamera: {...sameCamera, confidence}};
  return {...thresholds, ...same, confidence, sure: confidence};
}

/** The same thresholds, with no more confidence required than this. */
export function withConfidenceUpTo({sameCamera, ...thresholds}: Thresholds, confidence: number): Thresholds {
  const atMost = (asked: number) => Math.min(asked, confidence);
  return {
    ...thresholds,
    ...(sameCamera ? {sameCamera: {...sameCamera, confidence: atMost(sameCamera.confidence)}} : {}),
    ...(thresholds.sure === undefined ? {} : {sure: atMost(thresholds.sure)}),
    confidence: atMost(thresholds.confidence),
  };
}

/**
 * A capture that differs is no reason if the confidence is high, but the more it differs, the higher the confidence must be:
 * networks can be confidently wrong about inputs unlike any they have seen.
 */
function rejectionOfAnyCamera(
  {confidence, novelty, capture, strangeness, sizeNovelty}: Scores,
  thresholds: Thresholds,
  closelyCut: CloseCut | undefined,
): Reason | undefined {
  if (exceeds(novelty, thresholds.novelty)) return 'not one of the known varieties';
  if (closelyCut) return rejectionOfCloseCut({confidence, ...defined({sizeNovelty})}, thresholds, closelyCut);
  // Size and color say something of the grain only where they are not the camera's.
  const usual = capture !== undefined && thresholds.capture !== undefined && capture <= thresholds.capture;
  if (usual && exceeds(strangeness, thresholds.strangeness)) return 'not one of the known varieties';
  const {unlike} = thresholds;
  if (exceeds(strangeness, unlike?.strangeness) && exceeds(sizeNovelty, unlike?.sizeNovelty))
    return 'capture too different to be sure';
  if (exceeds(capture, thresholds.captureLimit)) return 'capture too different to be sure';
  if (confidence >= requiredConfidence(capture, sizeNovelty, thresholds)) return undefined;
  const different = exceeds(capture, thresholds.capture) || exceeds(sizeNovelty, thresholds.sizeNovelty);
  return different ? 'capture too different to be sure' : 'low confidence';
}

/** Each threshold rejects by itself, and a picture that shows no scale is unlike those of the training. */
function rejectionOfSameCamera(
  {confidence, novelty, capture, strangeness, sizeNovelty}: Scores,
  thresholds: Scores,
  closelyCut: CloseCut | undefined,
): Reason | undefined {
  if (exceeds(novelty, thresholds.novelty)) return 'not one of the known varieties';
  const strange = exceeds(strangeness, thresholds.strangeness) || exceeds(sizeNovelty, thresholds.sizeNovelty);
  if (!closelyCut && strange) return 'not one of the known varieties';
  if (closelyCut || exceeds(capture, thresholds.capture)) return 'capture too different to be sure';
  return confidence >= thresholds.confidence ? undefined : 'low confidence';
}

/** A model that declares none is strict by what it has. */
function sameCameraThresholds({sameCamera, confidence, novelty, capture, strangeness}: Thresholds): Scores {
  return sameCamera ?? {confidence, ...defined({novelty, capture, strangeness})};
}

/**
 * Without a scale an answer must be as sure as with one that is far from the training pictures', and its size, which was guessed,
 * must be that of some variety; without proportions none is.
 */
function rejectionOfCloseCut(
  {confidence, sizeNovelty}: Scores,
  {confidence: usual, sure = usual, sizeNovelty: size}: Thresholds,
  unknown: CloseCut,
): Reason | undefined {
  const accepted = unknown === 'scale' && confidence >= Math.max(usual, sure) && !exceeds(sizeNovelty, size);
  return accepted ? undefined : 'capture too different to be sure';
}

/**
 * Rises linearly from where the capture or the size exceeds its threshold to where it is far beyond: a grain of another size
 * than all that were seen can only be told by its shape.
 */
function requiredConfidence(
  capture: number | undefined,
  sizeNovelty: number | undefined,
  {confidence, sure, capture: captureThreshold, sizeNovelty: sizeThreshold}: Thresholds,
): number {
  if (sure === undefined) return confidence;
  const beyond = Math.max(
    beyondThreshold(capture, captureThreshold, FAR_CAPTURE),
    beyondThreshold(sizeNovelty, sizeThreshold, FAR_SIZE),
  );
  return confidence + beyond * Math.max(0, sure - confidence);
}

/** 0 at the threshold, 1 at `far` times it and beyond. */
function beyondThreshold(score: number | undefined, threshold: number | undefined, far: number): number {
  if (score === undefined || threshold === undefined) return 0;
  return Math.min(1, Math.max(0, (score / threshold - 1) / (far - 1)));
}

function exceeds(score: number | undefined, threshold: number | undefined): boolean {
  return score !== undefined && threshold !== undefined && score > threshold;
}
