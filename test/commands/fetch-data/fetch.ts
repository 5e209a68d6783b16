import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {type Outcome, rice} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';

/** What `rice fetch-data --json` prints. */
export interface Document {
  state: 'fetched' | 'complete' | 'verified' | 'unproved';
  source: string;
  address: string | null;
  path: string | null;
  files: number;
  bytes: number;
  digest: string;
  verified: boolean;
  expected: string;
  labels: Record<string, number>;
  duplicates: string[][];
  differences: {missing: string[]; changed: string[]; extra: string[]};
  differentLabels: string[];
  errors: {path: string; code: string; message: string}[];
  subset?: {count: number; seed: number};
  dvc?: {file: string; cache: string; repository: string};
  citations: string[];
  warnings: string[];
}

export interface Failure {
  error: {code: string; message: string; suggestions: string[]};
  warnings?: string[];
}

/** Runs `rice fetch-data` in a folder, with a cache and a home folder inside it. */
export function fetcher(folder: () => string) {
  const environment = (env: Record<string, string> = {}) => ({
    RICE_CACHE_DIR: join(folder(), 'cache'),
    HOME: join(folder(), 'home'),
    ...env,
  });
  const run = (args: string[], env?: Record<string, string>): Promise<Outcome> =>
    rice(['fetch-data', ...args], {cwd: folder(), env: environment(env)});
  const json = async (args: string[], env?: Record<string, string>): Promise<Document & {code: number | null}> => {
    const {code, stdout, stderr} = await run([...args, '--json'], env);
    if (code !== 0 && code !== 1) throw new Error(`exit code ${code}: ${stdout}${stderr}`);
    return {code, ...parseAs<Document>('fetch-data', stdout)};
  };
  const failure = async (args: string[], env?: Record<string, string>): Promise<Failure & {code: number | null}> => {
    const {code, stdout} = await run([...args, '--json'], env);
    return {code, ...parseAs<Failure>('error', stdout)};
  };
  return {environment, run, json, failure};
}

/** The names in a folder, including hidden ones, sorted. */
export function namesIn(...path: string[]): string[] {
  return readdirSync(join(...path)).sort();
}
