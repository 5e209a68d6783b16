import {defined} from '../../common/defined.ts';
import {round} from '../../common/round.ts';
import {roundedScores} from '../../model/rounded-scores.ts';
import type {Outline, PictureObject, Scale, ScannedGrain, ScannedPicture, ScanSummary, Share, Size} from '../types.ts';

/** A scanned picture as JSON has it: rounded, for further digits are noise, and with its fields in a fixed order. */
export function pictureEntry(picture: ScannedPicture): ScannedPicture {
  const {path, sha256, width, height, scale, count, countByArea, grains, objects, warnings, ...further} = picture;
  return {
    ...{path, sha256, width, height},
    scale: scale && scaleEntry(scale),
    count,
    countByArea: round(countByArea, 1),
    grains: grains.map(grainEntry),
    objects: objects.map(objectEntry),
    warnings,
    ...further,
  };
}

/** Pixels to hundredths, millimeters to thousandths, shares and probabilities to millionths. */
export function grainEntry(grain: ScannedGrain): ScannedGrain {
  const {id, label, confidence, known, reason, probabilities, mm, ...rest} = grain;
  const {broken, grade, lengthShare, pieceOf, discolored, mass, corrected} = rest;
  const {color, white, border, touching, outline, ratio, circularity} = rest;
  const names = Object.entries(probabilities).map(([name, value]) => [name, round(value)] as const);
  return {
    id,
    x: round(rest.x, 2),
    y: round(rest.y, 2),
    ...sizeEntry(rest, 2),
    angle: round(rest.angle, 2),
    ratio: round(ratio, 3),
    circularity: round(circularity, 4),
    ...{label, confidence: round(confidence), known, ...defined({reason})},
    probabilities: Object.fromEntries(names),
    ...roundedScores(grain),
    ...defined({broken, grade}),
    ...(lengthShare === undefined ? {} : {lengthShare: round(lengthShare, 4)}),
    ...defined({pieceOf}),
    discolored,
    ...(mass === undefined ? {} : {mass: round(mass, 2)}),
    color: {L: round(color.L, 2), a: round(color.a, 2), b: round(color.b, 2)},
    white: round(white, 4),
    ...{border, touching, ...defined({corrected})},
    ...(mm === undefined ? {} : {mm: sizeEntry(mm, 3)}),
    outline: outlineEntry(outline),
  };
}

function sizeEntry({length, width, area, feret, perimeter}: Size, digits: number): Size {
  const places = (value: number) => round(value, digits);
  return {
    length: places(length),
    width: places(width),
    area: places(area),
    feret: places(feret),
    perimeter: places(perimeter),
  };
}

/** To tenths of a pixel: an outline has hundreds of points. */
function outlineEntry(outline: Outline): Outline {
  return outline.map(([x, y]) => [round(x, 1), round(y, 1)] as const);
}

function objectEntry({kind, x, y, width, height, outline}: PictureObject): PictureObject {
  const box = {x: round(x, 1), y: round(y, 1), width: round(width, 1), height: round(height, 1)};
  return {kind, ...box, ...(outline === undefined ? {} : {outline: outlineEntry(outline)})};
}

function scaleEntry({pxPerMm, source, description, tilt}: Scale): Scale {
  return {
    pxPerMm: round(pxPerMm, 4),
    ...{source, description},
    ...(tilt === undefined ? {} : {tilt: round(tilt, 2)}),
  };
}

/** A summary as JSON has it, rounded in the same way. */
export function summaryEntry(summary: ScanSummary): ScanSummary {
  const {shares, broken, grades, discolored, purity, lengths, thousandKernelMass, ...rest} = summary;
  const digits = lengths.unit === 'mm' ? 3 : 2;
  const length = (value: number) => round(value, digits);
  return {
    ...rest,
    countByArea: round(rest.countByArea, 1),
    shares: mapValues(shares, shareEntry),
    broken: broken && shareEntry(broken),
    grades: mapValues(grades as Record<string, Share>, shareEntry),
    discolored: shareEntry(discolored),
    ...(purity === undefined ? {} : {purity: {label: purity.label, ...shareEntry(purity)}}),
    lengths: {
      ...lengths,
      mean: length(lengths.mean),
      deviation: length(lengths.deviation),
      variation: round(lengths.variation, 4),
      histogram: {...lengths.histogram, edges: lengths.histogram.edges.map(length)},
      ratio: round(lengths.ratio, 3),
      width: length(lengths.width),
    },
    ...(thousandKernelMass === undefined
      ? {}
      : {thousandKernelMass: mapValues(thousandKernelMass, (grams) => round(grams, 2))}),
  };
}

function shareEntry({count, share, low, high, massShare, massLow, massHigh}: Share): Share {
  return {count, ...mapValues({share, low, high, massShare, massLow, massHigh}, (value) => round(value))};
}

function mapValues<Fields extends object, Result>(
  fields: Fields,
  change: (value: Fields[keyof Fields]) => Result,
): {[Name in keyof Fields]: Result} {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value)])) as never;
}
