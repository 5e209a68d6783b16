import {homedir} from 'node:os';
import {RiceError} from '../../common/errors.ts';
import {nearest} from '../../common/nearest-word.ts';
import {bucketSource} from './bucket.ts';
import {huggingFace} from './hugging-face.ts';
import {kaggle, kagglehubCache} from './kaggle.ts';
import {httpAddress, localPath} from './named.ts';
import type {Source} from './source.ts';
import {withoutCredentials} from './without-credentials.ts';

const AUTHORS = 'https://www.muratkoklu.com/datasets/Rice_Image_Dataset.zip';

/** All named sources, in the order in which they are tried. */
export function knownSources(env: NodeJS.ProcessEnv = process.env, home: string = homedir()): Source[] {
  const authors = {...httpAddress(AUTHORS), name: 'authors', title: "the authors' site"};
  return [kagglehubCache(env, home), kaggle(env, home), ...huggingFace(env), authors];
}

/**
 * The source for a name, a URL (`https://...`, `gs://bucket/prefix`) or the path of an archive or folder.
 *
 * @throws RiceError USAGE if it is none of these
 */
export function findSource(text: string, known: readonly Source[]): Source {
  const shown = withoutCredentials(text);
  const named = known.find(({name}) => name === text.toLowerCase());
  if (named) return named;
  if (/^gs:\/\//i.test(text)) return bucketSource(text);
  if (/^https?:\/\//i.test(text)) return httpAddress(text);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text))
    throw new RiceError('USAGE', `--source ${shown}: only https://, http:// and gs:// are supported`);
  const path = localPath(text);
  if (path.available) return path;
  const near = nearest(
    text,
    known.map(({name}) => name),
  );
  throw new RiceError('USAGE', `--source ${shown}: there is no such file or folder, and no source with this name`, {
    suggestions: [...(near === undefined ? [] : [`Did you mean ${near}?`]), 'See rice fetch-data --list-sources.'],
  });
}
