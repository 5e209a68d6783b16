import {stripVTControlCharacters} from 'node:util';
import {expect} from 'chai';
import {Chalk} from 'chalk';
import {displayWidth} from '../../../src/cli/table.ts';
import {tableFormat} from '../../../src/commands/scan/formats/table-format.ts';
import {pictureHead, pictureRow} from '../../../src/commands/scan/view/picture-row.ts';
import {renderSample} from '../../../src/commands/scan/view/sample-view.ts';
import {drawnScan, drawnSummary} from '../../helpers/scanned.ts';

const {picture} = drawnScan(1, {
  path: 'a/long/path/to/the/photographs/of/grains.jpg',
  columns: 12,
  rows: 9,
  pxPerMm: 10,
});
const summary = drawnSummary([picture]);
const style = new Chalk({level: 1});

describe('the view of a scan', () => {
  const view = (columns: number, utf8 = true) =>
    renderSample({title: picture.path, summary, scale: picture.scale}, {style, utf8, columns, broken: '3/4'});

  for (const columns of [80, 60, 44, 34])
    it(`fits into ${columns} columns`, () => {
      for (const line of view(columns).split('\n'))
        if (!line.includes(picture.path)) expect(displayWidth(line), line).to.be.at.most(columns);
    });

  it('says every share with its interval, by number and by mass', () => {
    const text = stripVTControlCharacters(view(80));
    const basmati = summary.shares.Basmati;
    const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
    expect(text).to.match(new RegExp(`Basmati +${basmati.count} +${percent(basmati.share)}`));
    expect(text)
      .to.contain(`${percent(basmati.low)} to ${percent(basmati.high)}`)
      .and.to.contain(percent(basmati.massShare));
    expect(text).to.contain('broken (< 3/4)').and.to.contain('long (USDA), long A (EU), long (Codex)');
    expect(text).to.contain('1,000 whole grains: about 20.1 g (19.2 to 21.0)');
    expect(text).to.contain('10.00 px/mm, from 10 pixels a millimeter, given');
  });

  it('needs no UTF-8 and no colors', () => {
    const plain = renderSample(
      {title: 'a.jpg', summary, scale: null},
      {style: new Chalk({level: 0}), utf8: false, columns: 80, broken: '1/2'},
    );
    expect(plain.replaceAll('±', '')).to.match(/^[\x20-\x7e\n]+$/);
    expect(plain).to.contain('no scale: lengths are in pixels').and.to.contain('broken (< 1/2)');
  });

  it('has little to say where nothing was measured', () => {
    const none = {...summary, grains: 1, measured: 0, countByArea: 1};
    const text = renderSample(
      {title: 'a.jpg', summary: none, scale: null},
      {style, utf8: true, columns: 80, broken: '3/4'},
    );
    expect(stripVTControlCharacters(text)).to.equal('a.jpg: 1 grain, 1 of them cut by the border (1 by area)\n');
  });
});

describe('the rows of pictures', () => {
  it('stand below their head, and fit', () => {
    for (const columns of [100, 80, 60]) {
      const [head, row] = [
        pictureHead({style: new Chalk({level: 0}), columns}),
        pictureRow(picture.path, summary, {utf8: true, columns}),
      ];
      expect(head.indexOf('grains') + 'grains'.length).to.equal(row.indexOf(' 108 ') + ' 108'.length);
      expect(displayWidth(row)).to.be.at.most(columns);
      expect(row).to.contain('grains.jpg');
    }
  });

  it('are printed for several pictures alone, and the view at the end', () => {
    const options = {style: new Chalk({level: 0}), utf8: true, columns: 80, broken: '3/4', quiet: false};
    for (const several of [true, false]) {
      const format = tableFormat({...options, several, summarize: () => summary});
      const first = format.picture(picture);
      expect(first === '').to.equal(!several);
      format.failure({path: 'b.jpg', code: 'IMAGE_EMPTY', message: 'the file is empty'});
      const end = format.end({trust: 'any-camera', summary, seconds: 1.5, warnings: []});
      expect(end.includes('1 picture failed')).to.equal(several);
      expect(end).to.contain('Basmati');
    }
  });
});
