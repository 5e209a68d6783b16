import {opendirSync, statSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../../errors.ts';
import type {Picture} from '../picture.ts';
import {fetchPicture, isAddress} from './fetch-picture.ts';
import {globFiles, isGlob} from './glob.ts';
import {readPathList} from './path-list.ts';
import {readStandardInput} from './standard-input.ts';
import {noImages, walkFolder} from './walk-folder.ts';

export interface SourceOptions {
  recursive: boolean;
  /** A list of further paths, `-` for standard input. */
  filesFrom?: string;
  /** Whether addresses may be fetched. */
  allowUrls: boolean;
  /** Real path of a folder to leave out of all others, because it is being filled. */
  except?: string;
}

type Kind = 'file' | 'folder' | 'glob' | 'address' | 'standard input';

interface Argument {
  text: string;
  kind: Kind;
}

/**
 * What paths stand for, in their order: a file for itself, whatever its name; a folder for the images in it; a pattern for
 * the files that match; `-` for a picture on standard input; an address for what it leads to. The paths are looked at
 * right away, so that nothing is started that a misspelled one would spoil; what is in the list comes as it comes.
 *
 * @throws RiceError USAGE, PATH_NOT_FOUND, PATH_NOT_READABLE, or NO_IMAGES where a folder or pattern stands for nothing
 */
export function picturesOf(paths: readonly string[], options: SourceOptions): AsyncGenerator<Picture[]> {
  if (paths.length === 0 && options.filesFrom === undefined)
    throw new RiceError('USAGE', 'missing argument PATHS: name pictures, folders or patterns, or - or --files-from');
  const args = paths.map((text) => ({text, kind: kindOf(text, options)}));
  const inputs = args.filter(({kind}) => kind === 'standard input').length + (options.filesFrom === '-' ? 1 : 0);
  if (inputs > 1) throw new RiceError('USAGE', 'standard input can be read once only, and is named more than once');
  for (const argument of args) checkNotEmpty(argument, options);
  if (options.filesFrom !== undefined && options.filesFrom !== '-') checkList(options.filesFrom);
  return expand(args, options);
}

async function* expand(args: Argument[], options: SourceOptions): AsyncGenerator<Picture[]> {
  for (const argument of args) yield* picturesFor(argument, options);
  if (options.filesFrom === undefined) return;
  for await (const lines of readPathList(options.filesFrom)) {
    let files: Picture[] = [];
    for (const text of lines) {
      const {argument, failure} = listed(text, options);
      if (argument?.kind === 'file' || failure) {
        files.push({path: text, ...(failure ? {failure} : {})});
        continue;
      }
      // What one line stands for may be many: first what stood before it.
      if (files.length > 0) yield files;
      files = [];
      yield* picturesFor(argument!, options);
    }
    if (files.length > 0) yield files;
  }
}

function* picturesFor({text, kind}: Argument, {recursive, except}: SourceOptions): Generator<Picture[]> {
  const without = except === undefined ? {} : {except};
  if (kind === 'file') yield [{path: text}];
  else if (kind === 'folder') yield* walkFolder(text, {recursive, ...without});
  else if (kind === 'glob') yield* globFiles(text, except);
  else if (kind === 'address') yield [{path: text, read: () => fetchPicture(text)}];
  else yield [{path: text, read: () => readStandardInput()}];
}

/** What a line of a list is; a line that is wrong fails by itself. A file is not looked at before it is read. */
function listed(text: string, options: SourceOptions): {argument?: Argument; failure?: RiceError} {
  if (text === '-') return {argument: {text: './-', kind: 'file'}};
  try {
    if (isAddress(text)) return {argument: {text, kind: kindOf(text, options)}};
    const folder = statSync(text, {throwIfNoEntry: false})?.isDirectory() === true;
    return {argument: {text, kind: folder ? 'folder' : 'file'}};
  } catch (error) {
    return {failure: fromFileSystemError(error, text, 'read')};
  }
}

function kindOf(text: string, {allowUrls}: SourceOptions): Kind {
  if (text === '') throw new RiceError('USAGE', 'expected a path, got ""');
  if (text === '-') {
    if (!process.stdin.isTTY) return 'standard input';
    throw new RiceError('USAGE', '- reads a picture from standard input, which is a terminal here', {
      suggestions: ['Pipe a picture into it: rice predict - < grain.jpg'],
    });
  }
  if (isAddress(text)) {
    if (allowUrls) return 'address';
    throw new RiceError('USAGE', `${text} is an address, and nothing is fetched unless that is allowed`, {
      suggestions: ['Allow it with --allow-urls.'],
    });
  }
  try {
    return statSync(text).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && isGlob(text)) return 'glob';
    throw fromFileSystemError(error, text, 'read');
  }
}

/** A folder without images that was named is a mistake; an unreadable one below it is told when its turn comes. */
function checkNotEmpty({text, kind}: Argument, options: SourceOptions): void {
  if (kind !== 'folder' && kind !== 'glob') return;
  if (kind === 'folder') checkReadable(text);
  for (const _ of picturesFor({text, kind}, options)) return;
  if (kind === 'folder') throw noImages(text, options.recursive);
  throw new RiceError('NO_IMAGES', `no file matches ${text}`, {
    suggestions: ['Check the pattern: * stands for any name in one folder, ** for folders of any depth.'],
  });
}

function checkReadable(folder: string): void {
  try {
    opendirSync(folder).closeSync();
  } catch (error) {
    throw fromFileSystemError(error, folder, 'read');
  }
}

function checkList(file: string): void {
  try {
    if (statSync(file).isDirectory())
      throw new RiceError('PATH_NOT_READABLE', `--files-from: ${file} is a folder, not a list of paths`, {
        suggestions: ['Name the folder itself as an argument.'],
      });
  } catch (error) {
    throw fromFileSystemError(error, file, 'read');
  }
}
