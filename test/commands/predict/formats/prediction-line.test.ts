import {expect} from 'chai';
import {Chalk} from 'chalk';
import {renderPrediction} from '../../../../src/commands/predict/formats/prediction-line.ts';

const plain = {style: new Chalk({level: 0}), utf8: false, pathWidth: 5, topK: 1};
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

  it('lists the next candidates, the most probable first', () => {
    const line = renderPrediction(basmati, {...plain, topK: 3});
    expect(line).to.match(/Basmati, then Ipsala 8\.0%, Arborio 2\.0%$/);
  });

  it('marks unknown pictures', () => {
    const line = renderPrediction({...basmati, known: false, reason: 'low confidence'}, plain);
    expect(line).to.match(/unknown, nearest Basmati \(low confidence\)$/);
    const renamed = {...basmati, label: 'other', nearest: 'Basmati', known: false, reason: 'no grain' as const};
    expect(renderPrediction(renamed, {...plain, topK: 2})).to.match(
      /other, nearest Basmati \(no grain\), then Ipsala 8\.0%$/,
    );
  });
});
