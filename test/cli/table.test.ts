import {expect} from 'chai';
import {Chalk} from 'chalk';
import {displayWidth, renderTable} from '../../src/cli/table.ts';

describe('table', () => {
  it('counts columns, not code units', () => {
    expect(displayWidth('abc')).to.equal(3);
    expect(displayWidth('米粒')).to.equal(4);
    expect(displayWidth('e\u0301')).to.equal(1);
    expect(displayWidth(new Chalk({level: 1}).red('red'))).to.equal(3);
    expect(displayWidth('🍚')).to.equal(2);
  });

  it('aligns columns left and right', () => {
    const rows = [
      ['name', 'count'],
      ['米', '1'],
      ['long name', '1,000'],
    ];
    expect(renderTable(rows, 'lr').split('\n')).to.deep.equal([
      'name       count',
      '米             1',
      'long name  1,000',
    ]);
  });

  it('leaves no spaces at the ends of lines', () => {
    expect(renderTable([['a', 'b'], ['c']], 'l')).to.equal('a  b\nc');
  });
});
