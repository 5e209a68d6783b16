import type {Picture, PictureSource} from '../../src/prediction/picture.ts';

/** All pictures of a source. */
export async function collect(source: PictureSource | Iterable<Picture[]>): Promise<Picture[]> {
  const all: Picture[] = [];
  for await (const portion of source) all.push(...portion);
  return all;
}

/** The paths of a source's pictures, with the error code of those that failed before they were read. */
export async function pathsOf(source: PictureSource | Iterable<Picture[]>): Promise<string[]> {
  return (await collect(source)).map(({path, failure}) => (failure ? `${path}: ${failure.code}` : path));
}

/** The error that a function throws. */
export function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
