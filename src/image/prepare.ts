import type {CloseCut} from './close-cut.ts';
import {type DecodedImage, type DecodeOptions, useDecoded} from './decode.ts';
import type {Noticed} from './flaws/flaws.ts';
import type {Frame} from './frame.ts';
import {fillsFrame, findCloselyCut} from './grain/close-crop.ts';
import {type FoundGrain, findGrain, type GrainMeasurements} from './grain/find-grain.ts';
import {findSmall, type RefinedDetection, refineDetection} from './grain/refine-detection.ts';
import {detectWithin} from './grain/within-frame.ts';
import {openKernels} from './kernels/kernels.ts';
import {reduceFrame, reductionFactor} from './resize/reduce.ts';
import {PATCH_SCALE, REFERENCE_SIDE, type WindowSize} from './window/canvas.ts';
import {canvasStep} from './window/canvas-step.ts';
import {cutPatch, type GrainPatch, reserveCanvas} from './window/patch.ts';
import {wholeFramePatch} from './window/whole-frame.ts';
import {windowFromPatch} from './window/window.ts';
import {placeCentered, placeUpright, type WindowPlacement} from './window/window-placement.ts';

export type {DecodeOptions, Decoder} from './decode.ts';
export type {GrainMeasurements} from './grain/find-grain.ts';
export {PATCH_SCALE, type WindowSize} from './window/canvas.ts';
export type {GrainPatch} from './window/patch.ts';
export type {WindowPlacement} from './window/window-placement.ts';

/**
 * Changes whenever the same bytes give another window, which makes older caches invalid. 4: grains on bright and on ridged
 * grounds have another outline; a grain on black that fits gives the same window as in versions 2 and 3.
 */
export const PREPARATION_VERSION = 4;

/** Pixels ready for the model, and what was learned while preparing them. */
export interface PreparedFrame {
  /** The model's input: RGB interleaved, row-major, height * width * 3 bytes. */
  window: Uint8Array;
  /** In pixels of the picture; undefined if no grain was found and the whole frame was used. */
  grain: GrainMeasurements | undefined;
  /** What is not known of a grain that fills the picture; missing if it does not. */
  closelyCut?: CloseCut;
  /** What may stand in the way of naming the grain; missing if there is nothing of the kind. */
  noticed?: Noticed;
  /** Size of the picture after orientation. */
  width: number;
  height: number;
  /** Where in the picture the window lies. */
  placement: WindowPlacement;
  /** Remarks for the user: no grain, animation, several pages. */
  notes: string[];
}

/** With the patch from which the window was made; augmentation starts from it. */
export type WithPatch<Prepared> = Prepared & {patch: GrainPatch};

export interface PreparedImage extends PreparedFrame {
  /** Name of the file's format, such as `jpeg`. */
  format: string;
}

/** How a picture is prepared, apart from the size of the window. */
export interface FrameOptions {
  /** Searches for no grain: the window shows the whole picture. */
  wholeFrame?: boolean;
}

export interface PrepareOptions extends DecodeOptions, FrameOptions {}

/**
 * Prepares an encoded image for the model. Training, prediction and evaluation all use this function.
 *
 * @param size the model's window
 * @param into buffer for the window; default: a new one
 * @throws RiceError IMAGE_EMPTY, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TRUNCATED or IMAGE_CORRUPT only
 */
export async function prepareImage(
  bytes: Uint8Array,
  size: WindowSize,
  options: PrepareOptions = {},
  into?: Uint8Array,
): Promise<PreparedImage> {
  reserveCanvas(size);
  return useDecoded(bytes, options, (image) => withNotes(image, prepareFrame(image.frame, size, into, options)));
}

/** The same with the patch. */
export async function preparePatch(
  bytes: Uint8Array,
  size: WindowSize,
  options: PrepareOptions = {},
): Promise<WithPatch<PreparedImage>> {
  reserveCanvas(size);
  return useDecoded(bytes, options, (image) => withNotes(image, prepareFramePatch(image.frame, size, options)));
}

function withNotes<Prepared extends PreparedFrame>({format, notes}: DecodedImage, prepared: Prepared) {
  return {...prepared, format, notes: [...notes, ...prepared.notes]};
}

/** Prepares decoded pixels: finds the grain, aligns it on the canvas, shrinks the canvas to the window. */
export function prepareFrame(
  frame: Frame,
  size: WindowSize,
  into?: Uint8Array,
  options: FrameOptions = {},
): PreparedFrame {
  const {patch: _, ...prepared} = prepareWithPatch(frame, size, options, into);
  return prepared;
}

/** The same with the patch. */
export function prepareFramePatch(
  frame: Frame,
  size: WindowSize,
  options: FrameOptions = {},
): WithPatch<PreparedFrame> {
  const prepared = prepareWithPatch(frame, size, options);
  return {...prepared, patch: {...prepared.patch, data: prepared.patch.data.slice()}};
}

const NO_GRAIN = 'no grain was found: the whole picture was used';
const AT_BORDER = 'the grain touches the border of the picture: a part of it may be missing';
const CLOSELY_CUT = 'the picture is cut closely around the grain: nothing in it shows the scale';

/** A grain that was found and sampled. */
interface PlacedGrain {
  patch: GrainPatch;
  grain: GrainMeasurements;
  placement: WindowPlacement;
  note?: string;
  closelyCut?: true;
  noticed?: Noticed;
}

/** The patch is valid until the next frame. */
function prepareWithPatch(
  frame: Frame,
  size: WindowSize,
  {wholeFrame = false}: FrameOptions,
  into?: Uint8Array,
): WithPatch<PreparedFrame> {
  // A frame that was decoded into the kernels' memory had its room made before, see `reserveCanvas`.
  if (frame.data.buffer !== openKernels().bytes.buffer) reserveCanvas(size);
  const factor = reductionFactor(frame.width, frame.height);
  const first = reduceFrame(frame, factor);
  const found = wholeFrame ? undefined : findGrain(first);
  const atOnce = found !== undefined && !found.atBorder && !fillsFrame(found, first);
  // Further searches place other frames where a small picture was decoded to.
  const reduced = atOnce ? first : outsideKernels(first);
  const whole = factor === 1 ? reduced : frame;
  const placed = atOnce
    ? placeGrain(whole, reduced, found, factor, size)
    : wholeFrame
      ? undefined
      : searchFurther(whole, reduced, found, factor, size);
  const patch = placed?.patch ?? wholeFramePatch(reduced, size);
  return {
    window: windowFromPatch(patch, size, into),
    patch,
    grain: placed?.grain,
    ...(placed?.closelyCut ? {closelyCut: frame.width === frame.height ? 'proportions' : 'scale'} : {}),
    ...(placed?.noticed ? {noticed: placed.noticed} : {}),
    width: frame.width,
    height: frame.height,
    placement: placed?.placement ?? placementOfWhole(frame, reduced, size),
    notes: notesOn(placed, wholeFrame),
  };
}

/** The frame, or a copy where its pixels lie in the kernels' memory: a Buffer, whose slice would be no copy. */
function outsideKernels(frame: Frame): Frame {
  return frame.data.buffer === openKernels().bytes.buffer ? {...frame, data: new Uint8Array(frame.data)} : frame;
}

/** As `wholeFramePatch` lays it. */
function placementOfWhole({width, height}: Frame, reduced: Frame, size: WindowSize): WindowPlacement {
  const scale = Math.min(1, (size.width * PATCH_SCALE) / reduced.width, (size.height * PATCH_SCALE) / reduced.height);
  const shown = {
    width: Math.max(1, Math.round(reduced.width * scale)) / PATCH_SCALE,
    height: Math.max(1, Math.round(reduced.height * scale)) / PATCH_SCALE,
  };
  const [left, top] = [(size.width - shown.width) / 2, (size.height - shown.height) / 2];
  return placeUpright({left: 0, top: 0, width, height}, {left, top, ...shown});
}

function notesOn(placed: PlacedGrain | undefined, wholeFrame: boolean): string[] {
  if (placed) return placed.note === undefined ? [] : [placed.note];
  return wholeFrame ? [] : [NO_GRAIN];
}

/** Where the first search found nothing, or a grain that touches the border or fills the picture. */
function searchFurther(
  frame: Frame,
  reduced: Frame,
  found: FoundGrain | undefined,
  factor: number,
  size: WindowSize,
): PlacedGrain | undefined {
  const cut = findCloselyCut(reduced, factor);
  if (cut) return placeCloselyCut(frame, cut, size);
  if (!found) {
    const fallback = findSmall(frame, reduced, factor) ?? detectWithin(reduced, factor);
    return fallback && placeFallback(frame, fallback, size);
  }
  // The search for a crop has overwritten the mask.
  const again = findGrain(reduced) ?? found;
  const filling = fillsFrame(again, reduced);
  const placed = placeGrain(frame, reduced, again, factor, size);
  if (!filling) return placed;
  const {noticed: _, ...uncut} = placed;
  return {...uncut, closelyCut: true};
}

/** Samples the grain from the reduced picture, or from its surroundings at a finer scale if it would be enlarged. */
function placeGrain(frame: Frame, reduced: Frame, found: FoundGrain, factor: number, size: WindowSize): PlacedGrain {
  const step = canvasStep(found, size, frameScale(frame) / factor);
  const noticed = noticedOf(found);
  const note = {...(found.atBorder ? {note: AT_BORDER} : {}), ...(noticed ? {noticed} : {})};
  const refined = step < 1 && factor > 1 ? refineDetection(frame, found, factor) : undefined;
  if (refined) {
    // At the finer scale, more may be seen of what touches.
    const more = Math.max(0, refined.grain.touching - found.touching);
    return {...placePart(frame, refined, size, found.objects + more), ...note};
  }
  // The refinement may have overwritten the mask.
  const valid = step < 1 && factor > 1 ? (findGrain(reduced) ?? found) : found;
  const grain = enlarge(found, factor);
  const {cos, sin} = found;
  const placement = placeCentered({x: grain.x, y: grain.y, cos, sin, step: step * factor}, size);
  return {patch: cutPatch(reduced, valid, size, step), grain, placement, ...note};
}

/** Samples a grain that a fallback found. */
function placeFallback(frame: Frame, part: RefinedDetection & {objects?: number}, size: WindowSize): PlacedGrain {
  const noticed = noticedOf(part.grain);
  return {...placePart(frame, part, size, part.objects ?? part.grain.objects), ...(noticed ? {noticed} : {})};
}

function noticedOf({cut, width, attached, others}: FoundGrain): Noticed | undefined {
  if (cut === 0 && !attached && others === 0) return undefined;
  return {...(cut > 0 ? {cut: cut / width} : {}), ...(attached ? {attached} : {}), ...(others > 0 ? {others} : {})};
}

/**
 * Samples a grain that fills the picture. A small picture has the scale of the one that it was cut from, which was taken to be
 * that of the reference; of a larger one the scale is not known.
 */
function placeCloselyCut(frame: Frame, cut: RefinedDetection, size: WindowSize): PlacedGrain {
  const placed = placePart(frame, cut, size, cut.grain.objects, Math.max(1, frameScale(frame)));
  return {...placed, note: CLOSELY_CUT, closelyCut: true};
}

/** Samples a grain from a part of the picture. */
function placePart(
  frame: Frame,
  {grain, frame: part, factor, left, top}: RefinedDetection,
  size: WindowSize,
  objects: number,
  scale = frameScale(frame),
) {
  const step = canvasStep(grain, size, scale / factor);
  const patch = cutPatch(part, grain, size, step);
  const enlarged = {...enlarge(grain, factor, left, top), objects};
  const {cos, sin} = grain;
  const placement = placeCentered({x: enlarged.x, y: enlarged.y, cos, sin, step: step * factor}, size);
  return {patch, grain: enlarged, placement};
}

/** Picture pixels per canvas pixel at the picture's own scale. */
function frameScale({width, height}: Frame): number {
  return Math.max(width, height) / REFERENCE_SIDE;
}

/** Converts measurements in a reduced part that begins at (left, top) to pixels of the picture. */
function enlarge(
  {area, length, width, angle, objects, x, y}: FoundGrain,
  factor: number,
  left = 0,
  top = 0,
): GrainMeasurements {
  return {
    area: area * factor * factor,
    length: length * factor,
    width: width * factor,
    angle,
    objects,
    x: left + x * factor,
    y: top + y * factor,
  };
}
