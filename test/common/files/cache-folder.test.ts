import {join, resolve} from 'node:path';
import {expect} from 'chai';
import {cacheFolder} from '../../../src/common/files/cache-folder.ts';

describe('cacheFolder', () => {
  const cases: [name: string, env: NodeJS.ProcessEnv, platform: NodeJS.Platform, expected: string][] = [
    ['RICE_CACHE_DIR first', {RICE_CACHE_DIR: '/big/disk', XDG_CACHE_HOME: '/xdg'}, 'linux', '/big/disk'],
    ['RICE_CACHE_DIR from the current folder', {RICE_CACHE_DIR: 'cache'}, 'linux', resolve('cache')],
    ['XDG_CACHE_HOME next', {XDG_CACHE_HOME: '/xdg'}, 'darwin', '/xdg/rice'],
    ['not a relative XDG_CACHE_HOME', {XDG_CACHE_HOME: 'xdg'}, 'linux', '/home/me/.cache/rice'],
    ["Linux's place", {RICE_CACHE_DIR: ''}, 'linux', '/home/me/.cache/rice'],
    ["macOS's place", {}, 'darwin', '/home/me/Library/Caches/rice'],
    ["Windows' place", {LOCALAPPDATA: '/local'}, 'win32', '/local/rice/Cache'],
    ["Windows' place without LOCALAPPDATA", {}, 'win32', '/home/me/AppData/Local/rice/Cache'],
  ];
  for (const [name, env, platform, expected] of cases) {
    it(`uses ${name}`, () => {
      expect(cacheFolder(env, platform, '/home/me')).to.equal(join(expected));
    });
  }
});
