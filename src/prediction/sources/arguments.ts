import {opendirSync, type Stats, statSync} from 'node:fs';
import {defined} from '../../common/defined.ts';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {shownAddress} from '../../common/shown-address.ts';
import {MAX_FILE_BYTES, readPicture} from '../../dataset/read-file.ts';
import {type Picture, PORTION} from '../picture.ts';
import {fetchPicture, isAddress} from './fetch-picture.ts';
import {globBase, globFiles, isGlob} from './glob.ts';
import {readPathList} from './path-list.ts';
import {readStandardInput} from './standard-input.ts';
import {noImages, type WalkOptions, walkFolder} from './walk-folder.ts';

export interface SourceOptions {
  recursive: boolean;
  /** A file with more paths, `-` for standard input. */
  filesFrom?: string;
  /** Whether URLs may be fetched. */
  allowUrls: boolean;
  /** Real path of a folder to skip, because pictures are being sorted into it. */
  except?: string;
  /** Stops waiting for a list. */
  signal?: AbortSignal;
  /** The command to name in suggestions. */
  command?: 'predict' | 'scan';
}

type Kind = 'file' | 'folder' | 'pipe' | 'glob' | 'address' | 'standard input';

interface Argument {
  text: string;
  kind: Kind;
  /** Why it cannot be used. */
  failure?: RiceError;
  /** Whether an empty folder becomes a failed picture. Arguments were checked before, entries of a list were not. */
  mayBeEmpty?: boolean;
}

/**
 * The pictures of paths, in order: a file itself, whatever its name; the images in a folder; the files that match a
 * pattern; standard input for `-`; the content of a URL. The paths are checked at once, so that a typo is an error before
 * any work starts; entries of the list are checked in their turn.
 *
 * @throws RiceError USAGE, PATH_NOT_FOUND, PATH_NOT_READABLE, or NO_IMAGES if a folder or pattern has no images
 */
export function picturesOf(paths: readonly string[], options: SourceOptions): AsyncGenerator<Picture[]> {
  if (paths.length === 0 && options.filesFrom === undefined)
    throw new RiceError(
      'USAGE',
      'missing argument PATHS: name pictures, folders or patterns, or use - or --files-from',
      {
        suggestions: [`See rice ${options.command ?? 'predict'} --help.`],
      },
    );
  const args = paths.map((text) => ({text, kind: kindOf(text, options)}));
  const inputs = args.filter(({kind}) => kind === 'standard input').length + (options.filesFrom === '-' ? 1 : 0);
  if (inputs > 1) throw new RiceError('USAGE', 'standard input can only be read once, but is named more than once');
  for (const argument of args) checkNotEmpty(argument, options);
  if (options.filesFrom !== undefined && options.filesFrom !== '-') checkList(options.filesFrom);
  return expand(args, options);
}

async function* expand(args: Argument[], options: SourceOptions): AsyncGenerator<Picture[]> {
  yield* inPortions(args, options);
  const {filesFrom, signal} = options;
  if (filesFrom === undefined) return;
  for await (const lines of readPathList(filesFrom, {signal}))
    yield* inPortions(
      lines.map((text) => listed(text, options)),
      options,
    );
}

/** Consecutive files form one portion. */
function* inPortions(args: Iterable<Argument>, options: SourceOptions): Generator<Picture[]> {
  let files: Picture[] = [];
  for (const argument of args) {
    if (argument.kind === 'file') files.push(fileOf(argument));
    if (files.length === PORTION || (files.length > 0 && argument.kind !== 'file')) {
      yield files;
      files = [];
    }
    if (argument.kind !== 'file') yield* picturesFor(argument, options);
  }
  if (files.length > 0) yield files;
}

function* picturesFor(argument: Argument, {recursive, except}: SourceOptions): Generator<Picture[]> {
  const {text, kind} = argument;
  const without = defined({except});
  if (kind === 'file') yield [fileOf(argument)];
  else if (kind === 'folder') yield* folderPictures(argument, {recursive, ...without});
  else if (kind === 'glob') yield* globFiles(text, except);
  else if (kind === 'pipe') yield [{path: text, read: (signal) => readPipe(text, signal)}];
  else if (kind === 'address')
    yield [{path: shownAddress(text), key: text, read: (signal) => fetchPicture(text, {signal})}];
  else yield [{path: text, read: (signal) => readStandardInput({signal})}];
}

function fileOf({text, failure}: Argument): Picture {
  return {path: text, ...(failure ? {failure} : {})};
}

function* folderPictures({text, mayBeEmpty}: Argument, options: WalkOptions): Generator<Picture[]> {
  let empty = true;
  for (const pictures of walkFolder(text, options)) {
    empty = false;
    yield pictures;
  }
  if (empty && mayBeEmpty) yield [{path: text, failure: noImages(text, options.recursive)}];
}

/** A line of a list as an argument. A wrong line fails by itself; a file is not opened before its turn. */
function listed(text: string, options: SourceOptions): Argument {
  if (text === '-') return {text: './-', kind: 'file'};
  try {
    if (isAddress(text)) return {text, kind: kindOf(text, options)};
    for (const path of spellings(text)) {
      const stats = statSync(path, {throwIfNoEntry: false});
      if (!stats) continue;
      const kind = kindOfFile(stats);
      return kind === 'folder' ? {text: path, kind, mayBeEmpty: true} : {text: path, kind};
    }
    return {text: isUrl(text) ? shownAddress(text) : text, kind: 'file'};
  } catch (error) {
    const shown = isUrl(text) ? shownAddress(text) : text;
    return {text: shown, kind: 'file', failure: fromFileSystemError(error, shown, 'read')};
  }
}

/** A path as it is written, and as Windows and spreadsheets write it: in quotes, folders separated by backslashes. */
function spellings(text: string): string[] {
  const bare = /^"(.*)"$/s.exec(text)?.[1] ?? text;
  return [...new Set([text, bare, bare.replaceAll('\\', '/')])].filter((path) => path !== '');
}

/** Of any protocol. */
function isUrl(text: string): boolean {
  return /^[a-z][a-z\d+.-]+:\/\//i.test(text);
}

function kindOf(text: string, {allowUrls, command = 'predict'}: SourceOptions): Kind {
  if (text === '') throw new RiceError('USAGE', 'expected a path, got ""');
  if (text === '-') {
    if (!process.stdin.isTTY) return 'standard input';
    throw new RiceError('USAGE', '- reads a picture from standard input, which is a terminal here', {
      suggestions: [`Pipe a picture into it: rice ${command} - < ${command === 'scan' ? 'grains' : 'grain'}.jpg`],
    });
  }
  if (isAddress(text)) {
    if (allowUrls) return 'address';
    throw new RiceError('USAGE', `${shownAddress(text)} is a URL, and fetching is not allowed by default`, {
      suggestions: ['Allow it with --allow-urls.'],
    });
  }
  if (isUrl(text))
    throw new RiceError('USAGE', `${shownAddress(text)} cannot be fetched: only http and https URLs are supported`, {
      suggestions: ['Download it first.'],
    });
  try {
    return kindOfFile(statSync(text));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && isGlob(text)) return 'glob';
    throw fromFileSystemError(error, text, 'read');
  }
}

/** Anything that is neither a file nor a folder is read as a stream. */
function kindOfFile(stats: Stats): 'file' | 'folder' | 'pipe' {
  if (stats.isDirectory()) return 'folder';
  return stats.isFile() ? 'file' : 'pipe';
}

/** Pipes are read in this thread, because a worker thread that waits for a writer cannot be stopped. */
async function readPipe(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  try {
    return await readPicture(path, MAX_FILE_BYTES, signal);
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
}

/** An argument without images is an error; an unreadable subfolder is reported in its turn. */
function checkNotEmpty({text, kind}: Argument, options: SourceOptions): void {
  if (kind !== 'folder' && kind !== 'glob') return;
  checkReadable(kind === 'folder' ? text : globBase(text));
  for (const _ of picturesFor({text, kind}, options)) return;
  if (kind === 'folder') throw noImages(text, options.recursive);
  throw new RiceError('NO_IMAGES', `no file matches ${text}`, {
    suggestions: ['Check the pattern: * matches any name in one folder, ** folders of any depth.'],
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
