import {stripVTControlCharacters} from 'node:util';
import type {Interfaces} from '@oclif/core';
import {RiceError} from '../common/errors.ts';
import {nearest} from '../common/nearest-word.ts';
import {shellWords} from '../common/shell-words.ts';
import {meantBy} from './meant.ts';

/** The command and its flags, for suggestions. */
export interface Vocabulary {
  /** `rice predict`, or `rice` alone. */
  command: string;
  flags: Record<string, Pick<Interfaces.Flag<unknown>, 'type'> & {options?: readonly string[]}>;
  /** The flags of each command by its name, to recognize a flag of another command. */
  commands?: ReadonlyMap<string, readonly string[]>;
}

/** Fields that identify oclif's errors. `instanceof` would fail if another copy of oclif threw them. */
interface OclifError extends Error {
  oclif?: {exit?: number};
  code?: string;
  flags?: string[];
  args?: {name: string}[] | string[];
  suggestions?: string[];
}

const PARSE_WRAPPER = /^Parsing (--\S+) \n\t([\s\S]*)\nSee more help with --help$/;

/** Turns anything thrown into an error with a code: oclif's errors become USAGE, unexpected ones INTERNAL. */
export function toRiceError(thrown: unknown, vocabulary: Vocabulary): RiceError {
  const error = thrown as OclifError;
  const wrapped = PARSE_WRAPPER.exec(error?.message ?? '');
  if (thrown instanceof RiceError) {
    if (!wrapped) return thrown;
    const suggestions = thrown.code === 'OUT_OF_RANGE' ? thrown.suggestions : [`See ${vocabulary.command} --help.`];
    return new RiceError(thrown.code, `${wrapped[1]}: ${wrapped[2]}`, {suggestions});
  }
  if ((thrown as NodeJS.ErrnoException)?.syscall === 'uv_cwd')
    return new RiceError('PATH_NOT_FOUND', 'the current folder does not exist any more', {
      suggestions: ['Change to another folder, or use absolute paths.'],
      cause: thrown,
    });
  if (error?.oclif === undefined) {
    const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    return new RiceError('INTERNAL', message, {cause: thrown});
  }
  const {message, hints} = wrapped ? {message: `${wrapped[1]}: ${wrapped[2]}`, hints: []} : explain(error, vocabulary);
  const suggestions = [...hints, ...(error.suggestions ?? []), `See ${vocabulary.command} --help.`];
  return new RiceError('USAGE', message, {suggestions, cause: thrown});
}

function explain(error: OclifError, vocabulary: Vocabulary): {message: string; hints: string[]} {
  const plain = stripVTControlCharacters(error.message)
    .replace(/\s*See more help with --help\s*$/, '')
    .trim();
  if (error.constructor.name === 'NonExistentFlagsError' && error.flags) {
    const unknown = [...new Set(error.flags)];
    const hints = unknown.flatMap((flag) => flagHints(flag, vocabulary));
    return {message: `unknown flag${plural(unknown)} ${unknown.join(', ')}`, hints};
  }
  if (error.constructor.name === 'RequiredArgsError' && error.args) {
    const missing = error.args.map((arg) => (typeof arg === 'string' ? arg : arg.name).toUpperCase());
    return {message: `missing argument${plural(missing)} ${missing.join(', ')}`, hints: []};
  }
  const option = /^Expected (?:--([^=\s]+)=)?([\s\S]*) to be one of: (.*)$/.exec(plain);
  if (option) {
    const [, flag, given, options] = option;
    const near = meantBy(given, options.split(', '));
    const hints = near ? [`Did you mean ${near}?`] : [];
    return {message: `${flag ? `--${flag}: ` : ''}expected one of ${options}, got "${given}"`, hints};
  }
  const both = /(--[^=\s]+)(?:=.*)? cannot also be provided when using (--[^=\s]+)/.exec(plain);
  if (both) return {message: `${both[1]} and ${both[2]} exclude each other`, hints: ['Leave out one of the two.']};
  const message = plain.replace(/^The following errors? occurred:\s*/, '').replace(/\s*\n\s*/g, '; ');
  return {message: message.charAt(0).toLowerCase() + message.slice(1), hints: []};
}

const plural = (things: unknown[]) => (things.length === 1 ? '' : 's');

/** Flags that a command does not have because it does the same by another one. */
const OTHER_FLAGS: Readonly<Record<string, string>> = {
  'train model': 'Name the network with --arch, and the run folder, which gets the model, with --out.',
};

/** What to do instead of an unknown flag. One that another command has is no misspelled one. */
function flagHints(flag: string, {command, flags, commands = new Map()}: Vocabulary): string[] {
  if (!flag.startsWith('--')) return flag.includes('.') ? [`A file of that name is ${shellWords([`./${flag}`])}.`] : [];
  const word = flag.slice(2).replace(/=.*$/, '');
  const owners = [...commands].filter(([, names]) => names.includes(word)).map(([owner]) => `rice ${owner}`);
  if (owners.length > 0) {
    const other = OTHER_FLAGS[`${command.replace('rice ', '')} ${word}`];
    return [...(other ? [other] : []), `--${word} is a flag of ${owners.join(', ')}.`];
  }
  const near = nearest(word.replace(/^no-(?!color)/, ''), Object.keys(flags));
  return near ? [`Did you mean --${near}?`] : [];
}
