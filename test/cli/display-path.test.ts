import {expect} from 'chai';
import {displayPath} from '../../src/cli/display-path.ts';

describe('displayPath', () => {
  const at = (path: string) => displayPath(path, {cwd: '/home/ada/rice', home: '/home/ada'});

  it('is relative below the current folder', () => {
    expect(at('/home/ada/rice/data/set')).to.equal('data/set');
    expect(at('/home/ada/rice/..data')).to.equal('..data');
  });

  it('starts with ~ below the home folder', () => {
    expect(at('/home/ada/.cache/rice')).to.equal('~/.cache/rice');
    expect(at('/home/ada/rice')).to.equal('~/rice');
  });

  it('is left as it is elsewhere', () => {
    for (const path of ['/data', '/home/adam', '/home/ada', 'relative', 'https://server/home/ada/x'])
      expect(at(path)).to.equal(path);
  });
});
