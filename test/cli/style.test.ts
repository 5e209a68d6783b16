import {expect} from 'chai';
import {isUtf8, styleFor, usesColor} from '../../src/cli/style.ts';

const terminal = {isTTY: true};
const pipe = {};

describe('style', () => {
  it('uses colors only on terminals', () => {
    expect(usesColor(terminal, false, {TERM: 'xterm'})).to.equal(true);
    expect(usesColor(pipe, false, {TERM: 'xterm'})).to.equal(false);
    expect(usesColor(terminal, false, {TERM: 'dumb'})).to.equal(false);
  });

  it('honors NO_COLOR unless it is empty, as no-color.org asks', () => {
    expect(usesColor(terminal, false, {NO_COLOR: '1'})).to.equal(false);
    expect(usesColor(terminal, false, {NO_COLOR: ''})).to.equal(true);
  });

  it('prefers FORCE_COLOR to NO_COLOR, and --no-color to both', () => {
    expect(usesColor(pipe, false, {FORCE_COLOR: '1'})).to.equal(true);
    expect(usesColor(pipe, false, {FORCE_COLOR: '1', NO_COLOR: '1'})).to.equal(true);
    expect(usesColor(terminal, false, {FORCE_COLOR: '0'})).to.equal(false);
    expect(usesColor(terminal, true, {FORCE_COLOR: '1'})).to.equal(false);
  });

  it('adds no escape codes without colors', () => {
    expect(styleFor(terminal, true).red.bold('x')).to.equal('x');
  });

  it('reads the locale variables in the POSIX order', () => {
    expect(isUtf8({LANG: 'de_DE.UTF-8'}, 'linux')).to.equal(true);
    expect(isUtf8({LANG: 'C.utf8'}, 'linux')).to.equal(true);
    expect(isUtf8({LC_ALL: 'C', LANG: 'de_DE.UTF-8'}, 'linux')).to.equal(false);
    expect(isUtf8({}, 'linux')).to.equal(false);
    expect(isUtf8({WT_SESSION: '1'}, 'win32')).to.equal(true);
  });
});
