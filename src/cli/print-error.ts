import type {RiceError} from '../common/errors.ts';
import {printable} from './printable.ts';
import {isQuitting} from './quit.ts';
import {styleFor} from './style.ts';

interface Stream {
  isTTY?: boolean;
  write(text: string): unknown;
}

/** Prints an error for people: what happened, then each suggestion; the stack trace only with `DEBUG`. */
export function printError(error: RiceError, {noColor = false, stream = process.stderr as Stream} = {}): void {
  if (isQuitting()) return;
  const style = styleFor(stream, noColor);
  stream.write(`${style.red.bold('Error')} ${style.bold(error.code)}: ${printable(error.message)}\n`);
  for (const suggestion of error.suggestions) stream.write(`${style.cyan('Try:')} ${printable(suggestion)}\n`);
  if (process.env.DEBUG) stream.write(`${stackOf(error)}\n`);
}

interface NoticeOptions {
  kind: 'Error' | 'Warning';
  noColor?: boolean;
  stream?: Stream;
}

/** Prints one line about a problem that did not stop the work. */
export function printNotice(message: string, {kind, noColor = false, stream = process.stderr}: NoticeOptions): void {
  if (isQuitting()) return;
  const style = styleFor(stream, noColor);
  stream.write(`${kind === 'Error' ? style.red.bold('Error') : style.yellow('Warning:')} ${printable(message)}\n`);
}

/** The stack trace of an error and of what caused it. */
export function stackOf(error: Error): string {
  const lines = `${error.stack}`.split('\n').map(printable).join('\n');
  return error.cause instanceof Error ? `${lines}\nCaused by: ${stackOf(error.cause)}` : lines;
}
