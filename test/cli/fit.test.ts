import {expect} from 'chai';
import {columnsOf, shortenPath, wrapWords} from '../../src/cli/fit.ts';
import {displayWidth} from '../../src/cli/table.ts';

describe('fitting into a terminal', () => {
  it('knows no limit without a terminal', () => {
    expect(columnsOf({isTTY: true, columns: 80})).to.equal(80);
    for (const stream of [{}, {columns: 80}, {isTTY: true}, {isTTY: true, columns: 0}])
      expect(columnsOf(stream)).to.equal(Number.POSITIVE_INFINITY);
  });

  it('shortens a path in the middle, and keeps the name of the file as long as it fits', () => {
    expect(shortenPath('a/b.jpg', 7, true)).to.equal('a/b.jpg');
    expect(shortenPath('photos/of/the/harvest/grain.jpg', 20, true)).to.equal('photos/of…/grain.jpg');
    expect(shortenPath('photos/a-very-long-name-0001.jpg', 14, true)).to.match(/^pho…\S+0001\.jpg$/);
    for (let width = 4; width < 40; width++)
      for (const path of ['photos/of/the/harvest/grain.jpg', '米'.repeat(30), `x/${'米'.repeat(9)}.jpg`])
        expect(displayWidth(shortenPath(path, width, width % 2 === 0)), `${path} in ${width}`).to.be.at.most(width);
  });

  it('wraps between words, never within one, whatever its colors', () => {
    expect(wrapWords('as it is', 8)).to.equal('as it is');
    expect(wrapWords('two words', 8, 2)).to.equal('two\n  words');
    expect(wrapWords('loss 0.1  accuracy 97%', 18, 2)).to.equal('loss 0.1\n  accuracy 97%');
    expect(wrapWords('an unbreakable/path/of/many/folders', 12, 1)).to.equal('an\n unbreakable/path/of/many/folders');
    expect(wrapWords('begins here', 20, 4, 12)).to.equal('begins\n    here');
    expect(wrapWords('\u001b[1mtwo\u001b[22m words', 9)).to.equal('\u001b[1mtwo\u001b[22m words');
  });
});
