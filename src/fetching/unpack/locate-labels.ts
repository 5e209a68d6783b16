import {byCodePoint} from '../../common/code-point-order.ts';
import {RiceError} from '../../common/errors.ts';
import {hasImageExtension, isJunkPath} from '../../dataset/folder-listing.ts';
import type {Container} from './container.ts';

/** A picture of a container, by its place in a dataset. */
export interface LocatedFile {
  /** Index into the container's entries. */
  entry: number;
  /** Below the dataset's folder: label, folders below it if any, name. */
  path: string;
  label: string;
  bytes: number;
  /** As the container tells it, where it does. */
  md5: string | undefined;
}

export interface LocatedFiles {
  /** By path, in code point order. */
  files: LocatedFile[];
  /** By code point. */
  labels: string[];
  /** The folders around those of the labels, as `archive/Rice_Image_Dataset`; empty where there are none. */
  wrapper: string;
  /** What is there but no labelled picture, below the dataset's folder as far as it lies there; without droppings. */
  ignored: string[];
}

export interface LocateOptions {
  /** Counts pictures that lie in no folder of a label as ignored, instead of refusing the whole. */
  loosePictures?: boolean;
}

interface Picture {
  entry: number;
  parts: string[];
}

/**
 * Finds the folders of labels in an archive, whatever folders they are packed in. A label is the name of a folder, never
 * of a file: the Rice Image Dataset has `Basmati/basmati (2).jpg`.
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
  if (found.length === 0) throw layoutError(name, 'it holds no pictures');
  const inFolders = loosePictures ? found.filter(({parts}) => parts.length > 1) : found;
  if (inFolders.length === 0) throw layoutError(name, 'its pictures lie in no folders of labels');
  const depth = wrapperDepth(inFolders.map(({parts}) => parts));
  const isLabelled = ({parts}: Picture) => parts.length >= depth + 2;
  const strays = found.filter((picture) => !isLabelled(picture)).map(({parts}) => parts.join('/'));
  if (strays.length > 0 && !loosePictures) throw layoutError(name, `${strays[0]} lies in no folder of a label`);
  ignored.push(...strays);
  const pictures = found.filter(isLabelled);
  const wrapper = pictures[0].parts.slice(0, depth).join('/');
  const before = depth > 0 ? wrapper.length + 1 : 0;
  const files = pictures.map(({entry, parts}) => {
    const {path, bytes, md5} = entries[entry];
    return {entry, path: path.slice(before), label: parts[depth], bytes, md5};
  });
  files.sort((a, b) => byCodePoint(a.path, b.path));
  refuseTwice(name, files);
  return {
    files,
    labels: [...new Set(files.map(({label}) => label))].sort(byCodePoint),
    wrapper,
    ignored: ignored.map((path) =>
      depth > 0 && path.startsWith(`${wrapper}/`) ? path.slice(wrapper.length + 1) : path,
    ),
  };
}

/** How many folders lie around the folders of labels: as long as there is a single folder, and folders in it. */
function wrapperDepth(paths: string[][]): number {
  for (let depth = 0; ; depth++) {
    const first = paths[0][depth];
    const alone = paths.every((parts) => parts.length > depth + 2 && parts[depth] === first);
    if (!alone) return depth;
  }
}

function refuseTwice(name: string, files: LocatedFile[]): void {
  const twice = files.find(({path}, index) => index > 0 && path === files[index - 1].path);
  if (twice) throw new RiceError('ARCHIVE_DAMAGED', `${name} holds ${twice.path} twice`);
}

function layoutError(name: string, found: string): RiceError {
  return new RiceError(
    'DATASET_LAYOUT',
    `${name}: ${found}; expected one folder a label with pictures in it: Arborio/1.jpg, Basmati/1.jpg, ...`,
    {suggestions: ['Name an archive or a folder of that layout.']},
  );
}
