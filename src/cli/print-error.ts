import type {RiceError} from '../common/errors.ts';
import {columnsOf, wrapWords} from './fit.ts';
import {printable} from './printable.ts';
import {isQuitting} from './quit.ts';
import {styleFor} from './style.ts';

interface Stream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Prints an error for people: what happened, then each suggestion; the stack trace only with `DEBUG`. */
export function printError(error: RiceError, {noColor = false, stream = process.stderr as Stream} = {}): void {
  if (isQuitting()) return;
  const style = styleFor(stream, noColor);
  const head = `${style.red.bold('Error')} ${style.bold(error.code)}: ${printable(error.message)}`;
  stream.write(`${wrapWords(head, columnsOf(stream), 2)}\n`);
  // Commands in them are copied, so they stay on their line.
  for (const suggestion of error.suggestions) stream.write(`${style.cyan('Try:')} ${printable(suggestion)}\n`);
  if (process.env.DEBUG) stream.write(`${stackOf(error)}\n`);
}

/** `Try` is what to do about the error before it. */
export type NoticeKind = 'Error' | 'Warning' | 'Try';

interface NoticeOptions {
  kind: NoticeKind;
  noColor?: boolean;
  stream?: Stream;
}

/** Prints one line about a problem that did not stop the work. */
export function printNotice(message: string, {kind, noColor = false, stream = process.stderr}: NoticeOptions): void {
  if (isQuitting()) return;
  const style = styleFor(stream, noColor);
  const heads = {Error: style.red.bold('Error'), Warning: style.yellow('Warning:'), Try: style.cyan('Try:')};
  const line = `${heads[kind]} ${printable(message)}`;
  // Commands are copied, so they stay on their line.
  stream.write(`${kind === 'Try' ? line : wrapWords(line, columnsOf(stream), 2)}\n`);
}

/** The stack trace of an error and of what caused it. */
export function stackOf(error: Error): string {
  const lines = `${error.stack}`.split('\n').map(printable).join('\n');
  return error.cause instanceof Error ? `${lines}\nCaused by: ${stackOf(error.cause)}` : lines;
}
