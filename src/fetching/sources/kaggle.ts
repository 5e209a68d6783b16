import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {openFolder} from '../unpack/folder-container.ts';
import {openHttpArchive} from './http-archive.ts';
import {kaggleAuthorization} from './kaggle-credentials.ts';
import type {Source} from './source.ts';
import {withoutCredentials} from './without-credentials.ts';

const DATASET = 'muratkokludataset/rice-image-dataset';
const VERSION = 1;
const ENDPOINT = 'https://www.kaggle.com';

/** Kaggle, anonymous or with Kaggle's usual credentials. `KAGGLE_API_ENDPOINT` sets another server, as in Kaggle's tools. */
export function kaggle(env: NodeJS.ProcessEnv, home: string): Source {
  const endpoint = (env.KAGGLE_API_ENDPOINT || ENDPOINT).replace(/\/+$/, '');
  const address = `${endpoint}/api/v1/datasets/download/${DATASET}?dataset_version_number=${VERSION}`;
  const authorization = kaggleAuthorization(env, home);
  return {
    name: 'kaggle',
    title: 'Kaggle',
    address: withoutCredentials(address),
    access: authorization ? `with ${authorization.origin}` : 'anonymous',
    available: true,
    open: (context) => openHttpArchive(address, authorization, context),
  };
}

/** An earlier download of kagglehub, in `KAGGLEHUB_CACHE` or its default folder. */
export function kagglehubCache(env: NodeJS.ProcessEnv, home: string): Source {
  const cache = env.KAGGLEHUB_CACHE || join(home, '.cache', 'kagglehub');
  const folder = join(cache, 'datasets', ...DATASET.split('/'), 'versions', String(VERSION));
  return {
    name: 'kagglehub',
    title: "kagglehub's cache on this machine",
    address: folder,
    access: 'on this machine',
    available: existsSync(folder),
    async open() {
      return {container: openFolder(folder), address: folder, close() {}};
    },
  };
}
