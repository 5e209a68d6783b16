import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {writeAtomically} from '../../../common/files/atomic-file.ts';
import {readPicture} from '../../../dataset/read-file.ts';
import type {Evaluation, Mistake} from '../../../evaluation/evaluate.ts';
import {decodeImage} from '../../../image/decode.ts';
import {encodePng} from '../../../image/formats/png/encode.ts';
import type {Frame} from '../../../image/frame.ts';
import {shrinkFrame} from '../../../image/resize/shrink.ts';
import type {RunTracking} from '../../../tracking/run-tracking.ts';
import {drawConfusion} from './draw-confusion.ts';

const MOST_MISTAKES = 16;
/** Longer side in pixels. */
const SIDE = 320;
const MEDIA_FOLDER = 'media';
/** A matrix of more labels can no longer be read as a picture. */
const MOST_LABELS = 24;

/** Gives the trackers the confusion matrix and the surest mistakes as pictures. Those that are gone are left out. */
export async function trackPictures(
  tracking: RunTracking,
  root: string,
  {confusion, mistakes}: Pick<Evaluation, 'confusion' | 'mistakes'>,
  step: number,
): Promise<void> {
  const {labels, matrix} = confusion;
  tracking.tell({type: 'confusion', step, labels, matrix});
  if (labels.length <= MOST_LABELS)
    keep(tracking, 'confusion_matrix', 'confusion_matrix', '', drawConfusion(labels, matrix), step);
  for (const [i, mistake] of mistakes.slice(0, MOST_MISTAKES).entries()) {
    const frame = await frameOf(join(root, mistake.path));
    if (frame) keep(tracking, 'mistakes', `mistake_${String(i + 1).padStart(2, '0')}`, captionOf(mistake), frame, step);
  }
}

function captionOf({path, label, predicted, confidence}: Mistake): string {
  return `${label} taken for ${predicted} (${(confidence * 100).toFixed(1)}%): ${path}`;
}

function keep(tracking: RunTracking, key: string, name: string, caption: string, frame: Frame, step: number): void {
  const file = join(MEDIA_FOLDER, `${name}.png`);
  mkdirSync(join(tracking.folder, MEDIA_FOLDER), {recursive: true});
  writeAtomically(join(tracking.folder, file), encodePng(frame));
  tracking.tell({type: 'picture', step, key, file, caption, width: frame.width, height: frame.height});
}

async function frameOf(path: string): Promise<Frame | undefined> {
  try {
    return shrinkFrame((await decodeImage(await readPicture(path))).frame, SIDE);
  } catch {
    return undefined;
  }
}
