import type {Correction} from '../../../../scanning/corrections.ts';
import {REASON_WORDS} from '../words.ts';
import type {ScannedGrain} from './document.ts';

/** What is remarkable about a grain, in a few words. */
export function remarks(grain: ScannedGrain): string[] {
  const {border, touching, discolored, corrected, known, reason} = grain;
  return [
    ...(border ? ['cut by the border, not measured'] : []),
    ...(!border && !known && reason ? [REASON_WORDS[reason]?.said ?? reason] : []),
    ...(discolored ? ['discolored'] : []),
    ...(touching ? ['separated from others'] : []),
    ...(corrected ? ['corrected by hand'] : []),
  ];
}

/** `variety Basmati`, `no grain`: what a correction says. */
export function correctionWords(correction: Correction): string {
  switch (correction.do) {
    case 'label':
      return `it is ${correction.label}`;
    case 'remove':
      return 'it is no grain';
    case 'split':
      return 'it is cut in two';
    case 'join':
      return 'it is joined with another';
  }
}

/** Names of parameters in what the server says, and what they are on the page. */
const ON_PAGE: readonly [said: RegExp, shown: string][] = [
  [/\breferenceAt=(\d+),(\d+)/g, '“Point at it” (at $1, $2)'],
  [/\breferenceAt\b/g, '“Point at it”'],
  [/\breference=target(?::[\d.]+)?/g, 'the printed target'],
  [/\breference=(?:coin(?::[\d.]+)?)/g, 'a coin'],
  [/\bpxPerMm\b/g, 'pixels per millimeter'],
  [/\bdpi\b/g, 'dots per inch'],
];

/** A sentence of the server for somebody with a phone. */
export function onPage(text: string): string {
  return ON_PAGE.reduce((words, [said, shown]) => words.replace(said, shown), text);
}
