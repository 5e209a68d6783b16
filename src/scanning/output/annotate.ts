import type {Frame} from '../../image/frame.ts';
import type {Outline, PictureObject, ScannedGrain, ScannedPicture} from '../types.ts';
import {addLegend} from './draw/legend.ts';
import {lettering, strokeWidth, textWidth} from './draw/lettering.ts';
import {dashesOf, type Rgb, rgbOf, type Segments, segmentsOf, stroke} from './draw/stroke.ts';
import {type ColorBy, countClasses, grainClasses, NO_COLOR} from './grain-classes.ts';

export interface AnnotateOptions {
  colorBy: ColorBy;
  /** Of the model, in its order. */
  labels: readonly string[];
}

/** How thick lines and how high letters are, in pixels of the picture. */
export interface AnnotationSizes {
  line: number;
  /** Height of the ids; 0 where grains are too small to hold them. */
  id: number;
  /** Height of the letters of the legend. */
  text: number;
}

const DARK: Rgb = [12, 14, 18];
const WHITE: Rgb = [255, 255, 255];

/**
 * A copy of a picture with every grain's outline, colored by variety or grade, its id on it, what is no grain dashed, and
 * a strip below that tells the colors and the scale. Lines have a dark edge, so that they are seen on any ground.
 */
export function annotateFrame(frame: Frame, picture: ScannedPicture, {colorBy, labels}: AnnotateOptions): Frame {
  const drawn = {...frame, data: Uint8Array.from(frame.data)};
  const sizes = annotationSizes(picture);
  const classOf = grainClasses(colorBy, labels);
  for (const object of picture.objects) drawObject(drawn, object, sizes);
  for (const grain of picture.grains) edged(drawn, segmentsOf(grain.outline), sizes.line, rgbOf(classOf(grain).color));
  if (sizes.id > 0) for (const grain of picture.grains) drawId(drawn, grain, sizes.id);
  return addLegend(drawn, countClasses(picture.grains, colorBy, labels), {scale: picture.scale, height: sizes.text});
}

/** By the width of most grains, within what is readable and does not hide them. */
export function annotationSizes({grains, width, height}: ScannedPicture): AnnotationSizes {
  const widths = grains.map((grain) => grain.width).sort((a, b) => a - b);
  const usual = widths[Math.floor(widths.length / 2)] ?? Math.min(width, height) / 20;
  return {
    line: clamp(usual / 14, 1.25, 6),
    id: usual < 9 ? 0 : clamp(usual * 0.42, 7, 48),
    text: clamp(Math.min(width, height) / 60, 9, 48),
  };
}

function drawId(frame: Frame, {id, x, y}: ScannedGrain, height: number): void {
  const text = String(id);
  const segments = lettering(text, x - textWidth(text, height) / 2, y - height / 2, height);
  const line = strokeWidth(height);
  stroke(frame, segments, line * 2.6, DARK);
  stroke(frame, segments, line, WHITE);
}

function drawObject(frame: Frame, {kind, outline, ...box}: PictureObject, {line, text}: AnnotationSizes): void {
  edged(frame, dashesOf(outline ?? boxOutline(box), line * 6), line, rgbOf(NO_COLOR));
  edged(frame, lettering(kind, box.x + line * 3, box.y + line * 3, text), strokeWidth(text), WHITE);
}

export function boxOutline({x, y, width, height}: Omit<PictureObject, 'kind' | 'outline'>): Outline {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

function edged(frame: Frame, segments: Segments, line: number, color: Rgb): void {
  stroke(frame, segments, line + 2 * Math.max(1, line * 0.45), DARK);
  stroke(frame, segments, line, color);
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
