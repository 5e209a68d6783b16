import {RiceError} from '../../common/errors.ts';
import type {Correction, Corrections} from '../corrections.ts';

/** More are no corrections. */
const MOST = 100_000;

/**
 * Reads corrections from JSON: `{"sha256": ..., "corrections": [...]}`, or a list of such documents, one a picture. Further
 * keys are ignored, so that a document may hold more.
 *
 * @param name of the file, for errors
 * @throws RiceError CORRECTIONS_INVALID with the place of what is wrong
 */
export function parseCorrections(text: string, name: string): Corrections[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw invalid(name, `it is no JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(content)) return [documentOf(content, name, '')];
  return content.map((each, i) => documentOf(each, name, `[${i}]`));
}

function documentOf(content: unknown, name: string, at: string): Corrections {
  if (!isObject(content)) throw invalid(name, `${at || 'it'} is not an object with "sha256" and "corrections"`);
  const {sha256, corrections} = content;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/i.test(sha256))
    throw invalid(name, `${at}.sha256 must be the SHA-256 of the picture, 64 hexadecimal digits`);
  if (!Array.isArray(corrections)) throw invalid(name, `${at}.corrections must be a list`);
  if (corrections.length > MOST) throw invalid(name, `${at}.corrections has more than ${MOST} entries`);
  const list = corrections.map((each, i) => correctionOf(each, name, `${at}.corrections[${i}]`));
  return {sha256: sha256.toLowerCase(), corrections: list};
}

function correctionOf(content: unknown, name: string, at: string): Correction {
  if (!isObject(content)) throw invalid(name, `${at} is not an object`);
  const point = (key: string) => pointOf(content[key], name, `${at}.${key}`);
  const what = content.do;
  if (what === 'remove') return {at: point('at'), do: what};
  if (what === 'split') return {at: point('at'), do: what, from: point('from'), to: point('to')};
  if (what === 'join') return {at: point('at'), do: what, with: point('with')};
  if (what !== 'label')
    throw invalid(name, `${at}.do must be label, remove, split or join, not ${JSON.stringify(what)}`);
  const {label} = content;
  if (typeof label !== 'string' || label.trim() === '' || label.length > 200)
    throw invalid(name, `${at}.label must be the name of a variety`);
  return {at: point('at'), do: what, label};
}

function pointOf(value: unknown, name: string, at: string): [number, number] {
  if (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((each) => typeof each === 'number' && Math.abs(each) < 1e6)
  )
    return [value[0], value[1]];
  throw invalid(name, `${at} must be a point, two numbers in pixels`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(name: string, reason: string): RiceError {
  return new RiceError('CORRECTIONS_INVALID', `${name}: ${reason.replace(/^\./, '')}`);
}
