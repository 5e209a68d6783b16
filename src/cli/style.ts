import {Chalk, type ChalkInstance} from 'chalk';

/** The colors for text that goes to `stream`, see `usesColor`. */
export function styleFor(stream: {isTTY?: boolean}, noColor = false): ChalkInstance {
  return new Chalk({level: usesColor(stream, noColor) ? 1 : 0});
}

/**
 * Whether to color: `--no-color` beats `FORCE_COLOR` (https://force-color.org), which beats `NO_COLOR`
 * (https://no-color.org), `TERM=dumb` and the absence of a terminal.
 */
export function usesColor(stream: {isTTY?: boolean}, noColor = false, env: NodeJS.ProcessEnv = process.env): boolean {
  if (noColor) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** Whether the terminal shows UTF-8, by the POSIX locale variables in their order of precedence. */
export function isUtf8(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): boolean {
  if (platform === 'win32') return env.WT_SESSION !== undefined || env.TERM_PROGRAM !== undefined;
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
