import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import type {ScaleRequest} from '../../scanning/scale/types.ts';
import type {ScanOptions} from '../../scanning/scanner.ts';
import {parseTrust, TRUST_PARAMETER} from '../uploads/trust-parameter.ts';

const NUMBER = /^\d+(?:\.\d+)?$/;
const REFERENCE = /^(?:(coin|target):(\d+(?:\.\d+)?)|card|a4|letter|target)$/;

/** A flag, with what looks like its value. */
const FLAG = /--([a-z]+(?:-[a-z]+)*)(?: (\d+,\d+|(?:coin|target)(?::\d[\d.]*\d)?|card|a4|letter)(?![\w:]))?/g;
const BROKEN_BELOW: Record<string, number> = {'3/4': 3 / 4, '2/3': 2 / 3, '1/2': 1 / 2};
/** Of a coin or another round thing, in millimeters. */
const DIAMETERS = {least: 5, most: 200};
/** Of the bar of a target that was not printed at its size, in millimeters instead of 100. */
const BARS = {least: 50, most: 200};

/** What may be said of a scan in the address or in fields of the form: name -> schema. */
export const SCAN_PARAMETERS = {
  pxPerMm: {type: 'number', minimum: 0.1, maximum: 1000, description: 'Pixels per millimeter'},
  dpi: {type: 'number', minimum: 10, maximum: 25_400, description: 'Pixels per inch, as of a scanner'},
  reference: {
    type: 'string',
    pattern: REFERENCE.source,
    description:
      'What in the picture tells the scale: coin:DIAMETER in millimeters, card, a4, letter or target; target:97 if its bar of 100 mm was printed 97 mm long',
  },
  referenceAt: {
    type: 'string',
    pattern: '^\\d+(?:\\.\\d+)?,\\d+(?:\\.\\d+)?$',
    description: 'Where it is: x,y in pixels',
  },
  broken: {
    type: 'string',
    enum: Object.keys(BROKEN_BELOW),
    default: '3/4',
    description: 'A grain shorter than this share of the whole ones of its variety is broken',
  },
  expect: {type: 'string', description: 'The variety whose purity is reported'},
  trust: TRUST_PARAMETER,
} as const;

type Name = keyof typeof SCAN_PARAMETERS;

/**
 * What the parameters of a request ask of a scan.
 *
 * @param given each name with its value, in any order
 * @param labels of the model
 * @throws RiceError REQUEST_INVALID for an unknown name, one that is there twice, or an impossible value
 */
export function parseScanParameters(
  given: Iterable<readonly [name: string, value: string]>,
  labels: readonly string[],
): Omit<ScanOptions, 'onStep' | 'corrections'> {
  const values: Partial<Record<Name, string>> = {};
  for (const [name, value] of given) {
    if (!Object.hasOwn(SCAN_PARAMETERS, name))
      throw invalid(`there is no parameter ${JSON.stringify(name.slice(0, 100))}`, [
        `The parameters are ${Object.keys(SCAN_PARAMETERS).join(', ')}; in a form, corrections too.`,
      ]);
    if (values[name as Name] !== undefined) throw invalid(`${name} is there twice`, ['Say it once.']);
    values[name as Name] = value;
  }
  const {broken, expect, trust} = values;
  if (expect !== undefined && !labels.includes(expect))
    throw invalid(`expect: ${show(expect)} is none of the model's varieties`, [`They are ${labels.join(', ')}.`]);
  return defined({
    scale: parseScale(values),
    brokenBelow: broken === undefined ? undefined : parseShare(broken),
    expect,
    trust: trust === undefined ? undefined : parseTrust(trust),
  });
}

function parseScale({pxPerMm, dpi, reference, referenceAt}: Partial<Record<Name, string>>): ScaleRequest | undefined {
  const said = Object.entries({pxPerMm, dpi, reference}).filter(([, value]) => value !== undefined);
  if (said.length > 1)
    throw invalid(`${said.map(([name]) => name).join(' and ')} both tell the scale`, ['Send one of them.']);
  if (referenceAt !== undefined && (reference === undefined || reference === 'target'))
    throw invalid('referenceAt says where the reference is, and there is none', [
      'Send reference as well: coin:DIAMETER, card, a4 or letter.',
    ]);
  if (pxPerMm !== undefined) return {from: 'px-per-mm', pxPerMm: parseNumber('pxPerMm', pxPerMm)};
  if (dpi !== undefined) return {from: 'dpi', dpi: parseNumber('dpi', dpi)};
  if (reference === undefined) return undefined;
  const at = referenceAt === undefined ? {} : {at: parsePoint(referenceAt)};
  if (reference === 'card' || reference === 'a4' || reference === 'letter') return {from: reference, ...at};
  if (reference === 'target') return {from: 'target'};
  const [, kind, digits] = REFERENCE.exec(reference) ?? [];
  const size = Number(digits);
  if (kind === 'coin' && size >= DIAMETERS.least && size <= DIAMETERS.most)
    return {from: 'coin', diameter: size, ...at};
  if (kind === 'target' && size >= BARS.least && size <= BARS.most) return {from: 'target', bar: size};
  throw invalid(`reference: expected coin:DIAMETER, card, a4, letter or target, got ${show(reference)}`, [
    `For a coin send its diameter, ${DIAMETERS.least} to ${DIAMETERS.most} millimeters, such as coin:23.25 for 1 euro.`,
  ]);
}

function parseNumber(name: 'pxPerMm' | 'dpi', text: string): number {
  const {minimum, maximum} = SCAN_PARAMETERS[name];
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  throw invalid(`${name}: expected a number from ${minimum} to ${maximum}, got ${show(text)}`, [
    'Leave it out to find the scale in the picture.',
  ]);
}

function parsePoint(text: string): readonly [number, number] {
  const [x, y, ...more] = text.split(',');
  if (NUMBER.test(x) && NUMBER.test(y ?? '') && more.length === 0) return [Number(x), Number(y)];
  throw invalid(`referenceAt: expected x,y in pixels, got ${show(text)}`, ['Send two numbers, such as 1020,380.']);
}

function parseShare(text: string): number {
  if (Object.hasOwn(BROKEN_BELOW, text)) return BROKEN_BELOW[text];
  const known = Object.keys(BROKEN_BELOW).join(', ');
  throw invalid(`broken: expected one of ${known}, got ${show(text)}`, ['Leave it out for 3/4.']);
}

/** What is said of flags of the command line, such as `--reference-at 10,20`, said of parameters: `referenceAt=10,20`. */
export function inParameters(text: string): string {
  return text.replace(FLAG, (all, flag: string, value?: string) => {
    const name = flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
    if (!Object.hasOwn(SCAN_PARAMETERS, name) && name !== 'corrections') return all;
    return value === undefined ? name : `${name}=${value}`;
  });
}

function show(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

function invalid(message: string, suggestions: string[]): RiceError {
  return new RiceError('REQUEST_INVALID', message, {suggestions});
}
