import {execFileSync} from 'node:child_process';
import {join} from 'node:path';

/** Isolates the calling suite from the user's DVC and git settings. */
export function useNoSettings(folder: () => string): void {
  const before = new Map<string, string | undefined>();
  beforeEach(() => {
    const settings = {DVC_GLOBAL_CONFIG_DIR: join(folder(), 'none'), DVC_SYSTEM_CONFIG_DIR: join(folder(), 'none')};
    for (const [name, value] of Object.entries({
      ...settings,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
    })) {
      before.set(name, process.env[name]);
      process.env[name] = value;
    }
  });
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}

export function makeGitRepository(folder: string): void {
  execFileSync('git', ['init', '--quiet', folder]);
}
