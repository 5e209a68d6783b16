import {type Html, html} from '../html.ts';

const COUNT = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});

/** `60243` as `60,243`. */
export function count(value: number): string {
  return COUNT.format(value);
}

/** `1, 'picture'` as `1 picture`. */
export function amount(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A share as a percentage. Only 1 is shown as 100%, and only 0 as 0%. `-` for null. */
export function percent(share: number | null, digits = 2): string {
  if (share === null) return '-';
  const step = 10 ** -digits;
  const value = share < 1 ? Math.min(share * 100, 100 - step) : 100;
  if (share > 0 && value < step) return `<${step.toFixed(digits)}%`;
  return `${value.toFixed(digits)}%`;
}

/** Seconds as `8.4 s` or `1 min 5 s`. */
export function duration(seconds: number): string {
  if (seconds < 59.5) return `${seconds.toFixed(seconds < 9.95 ? 1 : 0)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** A name, isolated so that its writing direction does not affect the text around it. */
export function name(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

/**
 * Where the bars of a table begin: as close to its least share as leaves that one visible, for bars from 0 make 95 % and
 * 99 % look alike. 0 where all are whole, or there are none.
 */
export function barStart(shares: readonly (number | null)[]): number {
  const least = Math.min(1, ...shares.filter((share) => share !== null));
  return BAR_STARTS.find((start) => least < 1 && least >= start + (1 - start) * LEAST_BAR) ?? 0;
}

const BAR_STARTS = [0.99, 0.95, 0.9, 0.8, 0.5];
/** The least share of its track that a bar takes. */
const LEAST_BAR = 0.1;

/** Says where the bars of a table begin, unless it is where everyone expects it. */
export function barNote(start: number): string {
  return start === 0 ? '' : ` The bars go from ${percent(start, 0)} to 100%.`;
}

/**
 * A bar from `start` to `share` on a track to 100 %, hidden from screen readers because a figure beside it has the same
 * value.
 */
export function bar(share: number | null, start = 0, kind = 'good'): Html {
  const width = Math.round(Math.max(0, ((share ?? 0) - start) / (1 - start)) * 1000) / 10;
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="8" rx="1"/><rect class="${kind}" width="${width}" height="8" rx="1"/></svg>`;
}
