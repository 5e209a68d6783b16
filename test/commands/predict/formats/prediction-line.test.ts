import {expect} from 'chai';
import {Chalk} from 'chalk';
import {displayWidth} from '../../../../src/cli/table.ts';
import {renderPrediction, roomForPath} from '../../../../src/commands/predict/formats/prediction-line.ts';

const plain = {style: new Chalk({level: 0}), utf8: false, pathWidth: 5, topK: 1, columns: Number.POSITIVE_INFINITY};
const probabilities = {Arborio: 0.02, Basmati: 0.9, Ipsala: 0.08};
const basmati = {path: 'a.jpg', label: 'Basmati', confidence: 0.9, known: true, probabilities};

describe('prediction line', () => {
  it('shows path, confidence and variety', () => {
    expect(renderPrediction(basmati, plain)).to.equal('a.jpg   90.0% #########.  Basmati');
  });

  it('pads short paths and does not truncate long ones', () => {
    expect(renderPrediction({...basmati, path: 'a'}, plain)).to.match(/^a {4} {3}90/);
    expect(renderPrediction({...basmati, path: 'long-name.jpg'}, plain)).to.match(/^long-name\.jpg {3}90/);
  });

  it('fits into a terminal: the path shortened in the middle, the answer wrapped between words', () => {
    const path = `photos/of/the/harvest/${'deep/'.repeat(12)}grain-0001.jpg`;
    const reason = 'not one of the known varieties' as const;
    for (const columns of [40, 60, 80, 120])
      for (const utf8 of [true, false]) {
        const room = {...plain, utf8, columns, pathWidth: Math.min(60, roomForPath(columns))};
        const [first, ...more] = renderPrediction({...basmati, path, known: false, reason}, room).split('\n');
        expect(first).to.match(/^ph.*(…|\.\.\.).*01\.jpg {3}90\.0%/);
        expect(first).to.contain('unknown,');
        for (const line of [first, ...more]) expect(displayWidth(line)).to.be.at.most(columns);
        for (const line of more) expect(line).to.match(/^ {20,}\S/);
        expect([first, ...more].join(' ').replaceAll(/ +/g, ' ')).to.contain(`unknown, nearest Basmati (${reason})`);
      }
  });

  it('has no bar for an unknown picture, whose confidence is not to be trusted', () => {
    expect(renderPrediction({...basmati, confidence: 1, known: false}, plain)).to.equal(
      'a.jpg  100.0%             unknown, nearest Basmati',
    );
  });

  it('lists the next candidates, the most probable first', () => {
    const line = renderPrediction(basmati, {...plain, topK: 3});
    expect(line).to.match(/Basmati, then Ipsala 8\.0%, Arborio 2\.0%$/);
  });

  it('marks unknown pictures', () => {
    const line = renderPrediction({...basmati, known: false, reason: 'low confidence'}, plain);
    expect(line).to.match(/unknown, nearest Basmati \(low confidence\)$/);
    const renamed = {...basmati, label: 'other', nearest: 'Basmati', known: false, reason: 'too small' as const};
    expect(renderPrediction(renamed, {...plain, topK: 2})).to.match(
      /other, nearest Basmati \(too small\), then Ipsala 8\.0%$/,
    );
  });

  it('has no number and no variety where no grain was found: they would be those of the ground', () => {
    const empty = {...basmati, known: false, reason: 'no grain' as const};
    expect(renderPrediction(empty, {...plain, topK: 3})).to.equal(`a.jpg${' '.repeat(21)}unknown (no grain)`);
    expect(renderPrediction(empty, {...plain, topK: 3, columns: 60})).to.equal('a.jpg          unknown (no grain)');
    const renamed = {...empty, label: 'other', nearest: 'Basmati'};
    expect(renderPrediction(renamed, plain)).to.equal(`a.jpg${' '.repeat(21)}other (no grain)`);
  });
});
