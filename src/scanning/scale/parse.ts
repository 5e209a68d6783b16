import {RiceError} from '../../common/errors.ts';
import {nearest} from '../../common/nearest-word.ts';
import {COINS} from './coins.ts';
import type {ScaleRequest} from './types.ts';

/** What the command line, a configuration or a request says of the scale. */
export interface ScaleFlags {
  pxPerMm?: number;
  dpi?: number;
  /** `coin:23.25`, `coin:quarter`, `card`, `a4`, `letter`, `target`, `target:98`. */
  reference?: string;
  /** `x,y` in pixels of the picture as it is shown. */
  referenceAt?: string;
}

const REFERENCES = 'coin:DIAMETER, card, a4, letter and target';
/** Diameters of coins and lids, and lengths of a bar that is to be 100 mm long, that are no slip of the pen. */
const DIAMETERS = {least: 5, most: 200};
const BARS = {least: 50, most: 200};
const PX_PER_MM = {least: 0.1, most: 1000};
const DPI = {least: 10, most: 25_400};

/**
 * How the scale is found, by what a person said; `{from: 'auto'}` where nothing was said.
 *
 * @throws RiceError USAGE or OUT_OF_RANGE
 */
export function parseScale({pxPerMm, dpi, reference, referenceAt}: ScaleFlags): ScaleRequest {
  const named = Object.entries({'--px-per-mm': pxPerMm, '--dpi': dpi, '--reference': reference});
  const given = named.filter(([, value]) => value !== undefined).map(([name]) => name);
  if (given.length > 1)
    throw new RiceError('USAGE', `${given.join(' and ')} each say the scale`, {suggestions: ['Give one of them.']});
  const at = referenceAt === undefined ? undefined : parsePoint(referenceAt);
  if (at && reference === undefined)
    throw new RiceError('USAGE', '--reference-at says where a reference is, but --reference does not say what it is', {
      suggestions: ['Add --reference coin:DIAMETER, or another of card, a4 and letter.'],
    });
  if (pxPerMm !== undefined) {
    checkRange('--px-per-mm', pxPerMm, PX_PER_MM);
    return {from: 'px-per-mm', pxPerMm};
  }
  if (dpi !== undefined) {
    checkRange('--dpi', dpi, DPI);
    return {from: 'dpi', dpi};
  }
  return reference === undefined ? {from: 'auto'} : parseReference(reference.trim().toLowerCase(), at);
}

function parseReference(reference: string, at: readonly [number, number] | undefined): ScaleRequest {
  const [, kind, value] = /^([^:]*)(?::(.*))?$/s.exec(reference) ?? [];
  const place = at ? {at} : {};
  if (kind === 'coin') return {from: 'coin', diameter: parseDiameter(value), ...place};
  if (kind === 'target') {
    if (at)
      throw new RiceError('USAGE', '--reference-at is not for the target, whose markers say where it is', {
        suggestions: ['Leave --reference-at out.'],
      });
    return value === undefined ? {from: 'target'} : {from: 'target', bar: parseBar(value)};
  }
  if (kind === 'card' || kind === 'a4' || kind === 'letter') {
    if (value === undefined) return {from: kind, ...place};
    throw new RiceError('USAGE', `--reference ${kind} takes no size: its size is known`, {
      suggestions: [`Give --reference ${kind}.`],
    });
  }
  const meant = nearest(kind ?? '', ['coin', 'card', 'a4', 'letter', 'target']);
  throw new RiceError('USAGE', `--reference "${reference}" is not known: there are ${REFERENCES}`, {
    suggestions: meant ? [`Did you mean ${meant}?`] : [`Give one of ${REFERENCES}, or say the scale with --px-per-mm.`],
  });
}

function parseDiameter(value: string | undefined): number {
  const suggestions = [
    `Give it in mm, as in --reference coin:23.25, or name a coin: ${Object.keys(COINS).join(', ')}.`,
  ];
  if (value === undefined || value === '')
    throw new RiceError('USAGE', '--reference coin does not say how large the coin is', {suggestions});
  const diameter = (Object.hasOwn(COINS, value) ? COINS[value] : undefined) ?? numberOf(value.replace(/mm$/, ''));
  if (diameter === undefined)
    throw new RiceError('USAGE', `--reference coin:${value}: "${value}" is neither a diameter nor a known coin`, {
      suggestions,
    });
  checkRange('--reference coin', diameter, DIAMETERS);
  return diameter;
}

function parseBar(value: string): number {
  const bar = numberOf(value.replace(/mm$/, ''));
  if (bar === undefined)
    throw new RiceError('USAGE', `--reference target:${value}: "${value}" is not a length`, {
      suggestions: ['Say how many mm the printed bar of 100 mm is long, as in --reference target:98.'],
    });
  checkRange('--reference target', bar, BARS);
  return bar;
}

function parsePoint(text: string): readonly [number, number] {
  const [x, y, ...more] = text.split(',').map((part) => numberOf(part.trim()));
  if (x !== undefined && y !== undefined && more.length === 0 && x >= 0 && y >= 0) return [x, y];
  throw new RiceError('USAGE', `--reference-at "${text}" is not a place in the picture`, {
    suggestions: ['Give x and y in pixels from its top left corner, as in --reference-at 1020,380.'],
  });
}

/** A plain decimal number; a comma is no point, as it may stand between two numbers. */
function numberOf(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}

function checkRange(name: string, value: number, {least, most}: {least: number; most: number}): void {
  if (value >= least && value <= most) return;
  throw new RiceError('OUT_OF_RANGE', `${name} ${value} is out of range: it must be between ${least} and ${most}`);
}
