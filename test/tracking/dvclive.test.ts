import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {load} from 'js-yaml';
import {DvcLive} from '../../src/tracking/dvclive/dvclive.ts';
import {nest} from '../../src/tracking/dvclive/nest.ts';
import {openFileTracker} from '../../src/tracking/open-file-tracker.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {CONFIG, describedRun, trainingEvents} from './events.ts';

describe('tracking: DVCLive', () => {
  const folder = temporaryFolder();
  const read = (name: string) => readFileSync(join(folder(), 'dvclive', name), 'utf8');

  it('writes the folder that DVC knows, names everything in it, and clears nothing that is not its own', () => {
    mkdirSync(join(folder(), 'dvclive', 'plots', 'metrics'), {recursive: true});
    writeFileSync(join(folder(), 'dvclive', 'plots', 'metrics', 'of-a-run-before.tsv'), '');
    writeFileSync(join(folder(), 'dvclive', 'notes.txt'), 'mine');
    const tracker = openFileTracker('dvclive', trainingEvents(folder(), ['dvclive']), {})!;
    expect(tracker.place).to.equal(join(folder(), 'dvclive'));
    expect(load(read('params.yaml'))).to.deep.equal(CONFIG);
    expect(JSON.parse(read('metrics.json'))).to.deep.equal({
      step: 2,
      epoch: 2,
      lr: 0.001,
      train: {loss: 0.5},
      val: {loss: 0.25, accuracy: 0.5},
      test: {accuracy: 0.75},
    });
    expect(read('plots/metrics/val/accuracy.tsv')).to.equal('step\taccuracy\n1\t0.25\n2\t0.5\n');
    const pair = (actual: string, predicted: string) => ({actual, predicted});
    expect(JSON.parse(read('plots/sklearn/confusion_matrix.json'))).to.deep.equal([
      pair('A', 'A'),
      pair('A', 'A'),
      pair('A', 'B'),
      ...[1, 2, 3].map(() => pair('B', 'B')),
    ]);
    expect(existsSync(join(folder(), 'dvclive', 'plots', 'images', 'mistakes-mistake_01.png'))).to.equal(true);
    expect(existsSync(join(folder(), 'dvclive', 'plots', 'metrics', 'of-a-run-before.tsv'))).to.equal(false);
    expect(read('notes.txt')).to.equal('mine');
    expect(load(read('dvc.yaml'))).to.deep.equal({
      params: ['params.yaml'],
      metrics: ['metrics.json'],
      plots: [
        {'plots/metrics': {x: 'step'}},
        {
          'plots/sklearn/confusion_matrix.json': {
            template: 'confusion',
            x: 'actual',
            y: 'predicted',
            title: 'Confusion Matrix',
          },
        },
        'plots/images',
      ],
      artifacts: {model: {path: '../runs/grain4-1/model.onnx', type: 'model'}},
    });
  });

  it('is not written where the folder is a file, and says why', () => {
    const place = join(folder(), 'blocked');
    mkdirSync(place);
    writeFileSync(join(place, 'dvclive'), '');
    expect(() => new DvcLive(describedRun(place))).to.throw(/cannot write/);
  });

  it('nests names by their slashes, except below a number', () => {
    expect(nest({'a/b': 1, 'a/c/d': 2, lr: 3, 'lr/pg0': 4})).to.deep.equal({a: {b: 1, c: {d: 2}}, lr: 3, 'lr/pg0': 4});
    expect(nest({'a/b': 1, a: 2})).to.deep.equal({a: 2});
  });
});
