import {byCodePoint} from '../../common/code-point-order.ts';
import {RiceError} from '../../common/errors.ts';
import {hasImageExtension, isJunkPath} from '../../dataset/folder-listing.ts';
import type {Container} from './container.ts';

/** A picture of a container with its path in the dataset. */
export interface LocatedFile {
  /** Index into the container's entries. */
  entry: number;
  /** Relative to the dataset folder: label, subfolders if any, name. */
  path: string;
  label: string;
  bytes: number;
  /** As the container states it, if it does. */
  md5: string | undefined;
}

export interface LocatedFiles {
  /** Sorted by path, by code point. */
  files: LocatedFile[];
  /** Sorted by code point. */
  labels: string[];
  /** The path of the folder with the label folders, such as `archive/Rice_Image_Dataset`; empty for the root. */
  wrapper: string;
  /** Other files without junk files, relative to the dataset folder if they are inside it. */
  ignored: string[];
}

export interface LocateOptions {
  /** Whether pictures outside label folders are ignored instead of an error. */
  loosePictures?: boolean;
}

interface Picture {
  entry: number;
  parts: string[];
}

/**
 * Finds the label folders in an archive, inside any wrapper folders. A label is the name of a folder, never of a file: the
 * Rice Image Dataset has `Basmati/basmati (2).jpg`.
 *
 * @throws RiceError DATASET_LAYOUT
 */
export function locateLabels(
  {name, entries}: Pick<Container, 'name' | 'entries'>,
  {loosePictures = false}: LocateOptions = {},
): LocatedFiles {
  const found: Picture[] = [];
  const ignored: string[] = [];
  entries.forEach(({path}, entry) => {
    if (isJunkPath(path)) return;
    if (hasImageExtension(path)) found.push({entry, parts: path.split('/')});
    else ignored.push(path);
  });
  if (found.length === 0) throw layoutError(name, 'it contains no pictures');
  const inFolders = loosePictures ? found.filter(({parts}) => parts.length > 1) : found;
  if (inFolders.length === 0) throw layoutError(name, 'its pictures are not in label folders');
  const depth = wrapperDepth(inFolders.map(({parts}) => parts));
  const isLabeled = ({parts}: Picture) => parts.length >= depth + 2;
  const loose = found.filter((picture) => !isLabeled(picture)).map(({parts}) => parts.join('/'));
  if (loose.length > 0 && !loosePictures) throw layoutError(name, `${loose[0]} is not in a label folder`);
  ignored.push(...loose);
  const pictures = found.filter(isLabeled);
  const wrapper = pictures[0].parts.slice(0, depth).join('/');
  const prefixLength = depth > 0 ? wrapper.length + 1 : 0;
  const files = pictures.map(({entry, parts}) => {
    const {path, bytes, md5} = entries[entry];
    return {entry, path: path.slice(prefixLength), label: parts[depth], bytes, md5};
  });
  files.sort((a, b) => byCodePoint(a.path, b.path));
  rejectDuplicates(name, files);
  return {
    files,
    labels: [...new Set(files.map(({label}) => label))].sort(byCodePoint),
    wrapper,
    ignored: ignored.map((path) =>
      depth > 0 && path.startsWith(`${wrapper}/`) ? path.slice(wrapper.length + 1) : path,
    ),
  };
}

/** The number of wrapper folders: folders that are alone on their level and contain only folders. */
function wrapperDepth(paths: string[][]): number {
  for (let depth = 0; ; depth++) {
    const first = paths[0][depth];
    const isWrapper = paths.every((parts) => parts.length > depth + 2 && parts[depth] === first);
    if (!isWrapper) return depth;
  }
}

function rejectDuplicates(name: string, files: LocatedFile[]): void {
  const duplicate = files.find(({path}, index) => index > 0 && path === files[index - 1].path);
  if (duplicate) throw new RiceError('ARCHIVE_DAMAGED', `${name} contains ${duplicate.path} twice`);
}

function layoutError(name: string, found: string): RiceError {
  return new RiceError(
    'DATASET_LAYOUT',
    `${name}: ${found}; expected one folder of pictures per label: Arborio/1.jpg, Basmati/1.jpg, ...`,
    {suggestions: ['Name an archive or a folder with that layout.']},
  );
}
