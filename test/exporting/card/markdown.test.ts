import {expect} from 'chai';
import {code, fence, table, text} from '../../../src/exporting/card/markdown.ts';
import {HOSTILE} from './models.ts';

describe('Markdown of what others wrote', () => {
  it('leaves ordinary names as they are', () => {
    for (const name of ['Arborio', 'Basmati (white), 2.', "Karacadağ's", 'jasmine-1 米', '👩‍🌾'])
      expect(text(name)).to.equal(name);
    expect(code('87e1e508.dir')).to.equal('`87e1e508.dir`');
  });

  it('escapes whatever could be markup, and keeps to one line', () => {
    expect(text('a_b*c`d')).to.equal('a\\_b\\*c\\`d');
    expect(text(' <b>x</b>\n\n# y ')).to.equal('\\<b\\>x\\</b\\> \\# y');
    expect(text('[a](http://x) www.x')).to.equal('\\[a\\](http\\://x) www\\.x');
    expect(text('\u202eabc\u0000\u2028d')).to.equal('abc d');
    for (const written of [text(HOSTILE), code(HOSTILE)])
      expect(written.replace(/\\[!-/:-@[-`{-~]/g, '')).not.to.match(/[\\`*_{}[\]<>#+!|~&$:@"^=\n]/);
  });

  it('gives up code where code could not hold it', () => {
    for (const value of ['a`b', 'a|b', 'a\\b', ' a', '', '<x>']) expect(code(value)).to.equal(text(value));
  });

  it('keeps the columns of a table, and a fence longer than what is in it', () => {
    const lines = table([{title: 'a'}, {title: 'b', right: true}], [[text(HOSTILE), code(HOSTILE)]]).split('\n');
    for (const line of lines) expect(line.replace(/\\./g, '').split('|'), line).to.have.length(4);
    expect(lines[1]).to.equal('| --- | --: |');
    expect(fence('js', 'a ```` b')).to.equal('`````js\na ```` b\n`````');
    expect(fence('json', '"\u202e\n\u2028"')).to.equal('```json\n"\\u202e\n\\u2028"\n```');
    expect(fence('js', 'a')).to.equal('```js\na\n```');
  });
});
