import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {writeSafetensors} from '../../../src/pretrained/formats/safetensors.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';
import {type ArchiveServer, startArchiveServer} from '../../helpers/archive-server.ts';
import {type HubServer, startHubServer} from '../../helpers/hub-server.ts';

export const COMMIT = 'a'.repeat(40);
export const OLD_COMMIT = 'b'.repeat(40);

/** Weights of 400 kB, and what else is in a repository of timm. */
export const WEIGHTS = Buffer.from(
  writeSafetensors(
    new Map([['fc.weight', {shape: [100_000], data: Float32Array.from({length: 100_000}, (_, i) => i)}]]),
  ),
);
export const CARD = '---\ntags:\n- timm\nlicense: apache-2.0\n---\n# Model card\n';
export const CONFIG = JSON.stringify({pretrained_cfg: {mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]}});

const VARIABLES = [
  'HF_ENDPOINT',
  'HF_HOME',
  'HF_HUB_CACHE',
  'HF_HUB_OFFLINE',
  'HF_HUB_DISABLE_SYMLINKS',
  'HF_TOKEN',
  'HF_TOKEN_PATH',
  'RICE_CACHE_DIR',
];

export interface TestHub {
  readonly server: HubServer;
  /** What the hub redirects to. */
  readonly storage: ArchiveServer;
  /** The folder with everything: `hf` and `rice`. */
  readonly folder: string;
  /** The files of a repository in the cache. */
  cached(repository: string): string[];
}

/** A hub, its storage and empty caches for each test of the calling suite, named in the environment. */
export function useHub(): () => TestHub {
  const folder = useTemporaryFolder();
  const saved = VARIABLES.map((name) => [name, process.env[name]] as const);
  let hub: TestHub;
  beforeEach(async () => {
    const [server, storage] = await Promise.all([startHubServer(), startArchiveServer(WEIGHTS)]);
    hub = {
      server,
      storage,
      folder: folder(),
      cached(repository) {
        const root = join(folder(), 'hf', 'hub', `models--${repository.replace('/', '--')}`);
        const entries = readdirSync(root, {recursive: true, withFileTypes: true});
        const files = entries.filter((entry) => !entry.isDirectory());
        return files.map(({parentPath, name}) => join(parentPath, name).slice(root.length + 1)).sort();
      },
    };
    for (const name of VARIABLES) delete process.env[name];
    Object.assign(process.env, {
      HF_ENDPOINT: server.address,
      HF_HOME: join(folder(), 'hf'),
      RICE_CACHE_DIR: join(folder(), 'rice'),
    });
  });
  afterEach(async () => {
    for (const [name, value] of saved)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    await Promise.all([hub.server.close(), hub.storage.close()]);
  });
  return () => hub;
}
