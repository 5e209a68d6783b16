import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {hubSettings} from '../../../src/pretrained/hub/settings.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

describe('the settings of the hub', () => {
  const home = useTemporaryFolder();
  const settings = (env: NodeJS.ProcessEnv) => hubSettings(env, home());

  it('have the defaults of huggingface_hub', () => {
    expect(settings({})).to.deep.equal({
      endpoint: 'https://huggingface.co',
      cache: join(home(), '.cache', 'huggingface', 'hub'),
      offline: false,
      symlinks: true,
      token: undefined,
    });
  });

  it('take the cache from the most specific variable', () => {
    const env = {XDG_CACHE_HOME: '/x', HF_HOME: '/home', HF_HUB_CACHE: '~/cache'};
    expect(settings(env).cache).to.equal(`${home()}/cache`);
    expect(settings({...env, HF_HUB_CACHE: ''}).cache).to.equal(join('/home', 'hub'));
    expect(settings({XDG_CACHE_HOME: '/x'}).cache).to.equal(join('/x', 'huggingface', 'hub'));
    expect(settings({HF_HOME: '~/hf'}).cache).to.equal(join(home(), 'hf', 'hub'));
  });

  it('take the token from the variable, else from the file', () => {
    const file = join(home(), 'token');
    writeFileSync(file, ' saved\n');
    expect(settings({HF_HOME: home()}).token).to.deep.equal({value: 'saved', origin: file});
    expect(settings({HF_TOKEN_PATH: file}).token).to.deep.equal({value: 'saved', origin: file});
    expect(settings({HF_HOME: home(), HF_TOKEN: 'given\n'}).token).to.deep.equal({value: 'given', origin: 'HF_TOKEN'});
    writeFileSync(file, '\n');
    expect(settings({HF_HOME: home()}).token).to.equal(undefined);
  });

  it('take a mirror without its last slash, and refuse what is no URL', () => {
    expect(settings({HF_ENDPOINT: 'https://mirror/hub/'}).endpoint).to.equal('https://mirror/hub');
    for (const HF_ENDPOINT of ['mirror', 'file:///mirror'])
      expect(() => settings({HF_ENDPOINT}))
        .to.throw('HF_ENDPOINT is not')
        .with.property('code', 'CONFIG_INVALID');
  });

  it('know yes and no', () => {
    for (const word of ['1', 'ON', 'yes', 'True']) expect(settings({HF_HUB_OFFLINE: word}).offline).to.equal(true);
    for (const word of ['', '0', 'off', 'no']) expect(settings({HF_HUB_OFFLINE: word}).offline).to.equal(false);
  });
});
