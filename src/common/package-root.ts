import {existsSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join, sep} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

const PACKAGE_NAME = 'rice-grain';

/** A module to start as a worker thread or a child process, with the Node flags that it needs. */
export interface WorkerFile {
  file: string;
  execArgv: string[];
}

/** The folder of this package: the nearest parent of this file whose `package.json` has its name. */
export function packageRoot(): string {
  return ownPackage().root;
}

export function packageVersion(): string {
  return ownPackage().version;
}

let found: {root: string; version: string} | undefined;

function ownPackage(): {root: string; version: string} {
  found ??= findPackage();
  return found;
}

function findPackage(): {root: string; version: string} {
  for (let root = dirname(fileURLToPath(import.meta.url)); ; root = dirname(root)) {
    const file = join(root, 'package.json');
    if (existsSync(file)) {
      const {name, version} = JSON.parse(readFileSync(file, 'utf8')) as {name: string; version: string};
      if (name === PACKAGE_NAME) return {root, version};
    }
    if (dirname(root) === root) throw new Error(`no package.json of ${PACKAGE_NAME} above ${import.meta.url}`);
  }
}

/**
 * The module of a worker: `dist/<name>.js` if this code runs from the bundle, `src/<name>.ts` with tsx if it runs from
 * the sources.
 *
 * @param name path of the module below `src/` without extension, for example `dataset/prepare-worker`
 */
export function workerFile(name: string): WorkerFile {
  const root = packageRoot();
  const bundled = fileURLToPath(import.meta.url).startsWith(join(root, 'dist') + sep);
  if (bundled) return {file: join(root, 'dist', `${name}.js`), execArgv: []};
  return {file: join(root, 'src', `${name}.ts`), execArgv: ['--import', typescriptLoader()]};
}

/** `--import tsx` works in main threads only; the ES module API of tsx works in worker threads as well. */
function typescriptLoader(): string {
  const tsx = dirname(createRequire(import.meta.url).resolve('tsx/package.json'));
  const api = pathToFileURL(join(tsx, 'dist', 'esm', 'api', 'index.mjs')).href;
  return `data:text/javascript,${encodeURIComponent(`import {register} from ${JSON.stringify(api)}; register();`)}`;
}
