import {mkdirSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {explainModel, modelPath, runsNamedLike} from '../../src/model/model-path.ts';
import {useTemporaryFolder} from '../dataset/fixtures.ts';

describe('the model that a path stands for', () => {
  const folder = useTemporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);
  const addRun = (name: string, finished?: Date) => {
    mkdirSync(at('runs', name), {recursive: true});
    writeFileSync(at('runs', name, 'run.json'), '{}');
    if (!finished) return;
    writeFileSync(at('runs', name, 'model.onnx'), '');
    utimesSync(at('runs', name, 'model.onnx'), finished, finished);
  };
  const failure = (path: string): RiceError => {
    try {
      modelPath(path);
    } catch (error) {
      expect(error).to.be.instanceOf(RiceError).with.property('code', 'MODEL_NOT_FOUND');
      return error as RiceError;
    }
    throw new Error(`${path} was accepted`);
  };

  it('is the file itself, whether it is there or not', () => {
    expect(modelPath(at('none.onnx'))).to.equal(at('none.onnx'));
  });

  it('is the model of the run whose folder is named, which must be finished', () => {
    addRun('a', new Date(1000));
    addRun('not yet');
    expect(modelPath(at('runs', 'a'))).to.equal(at('runs', 'a', 'model.onnx'));
    const {message, suggestions} = failure(at('runs', 'not yet'));
    expect(message).to.include('a run that has not been finished');
    expect(suggestions).to.deep.equal([`Finish it: rice train --resume '${at('runs', 'not yet')}'`]);
    expect(failure(at('runs')).message).to.include('is a folder: it holds no model.onnx');
  });

  it('is that of the finished run that is newest for last, unless a file has that name', () => {
    addRun('b', new Date(3000));
    addRun('a', new Date(1000));
    addRun('newer, unfinished');
    writeFileSync(at('runs', 'notes.txt'), '');
    expect(modelPath(at('last'))).to.equal(at('runs', 'b', 'model.onnx'));
    writeFileSync(at('last'), '');
    expect(modelPath(at('last'))).to.equal(at('last'));
  });

  it('is none for last where there is no run, or where runs is no folder', () => {
    const message = `there is no finished run in ${at('runs')}, so no last model`;
    expect(failure(at('last')).message).to.equal(message);
    writeFileSync(at('runs'), '');
    expect(failure(at('last')).message).to.equal(message);
  });

  describe('for best', () => {
    const addMeasured = (name: string, accuracies: number[], losses: number[], {status = '', digest = 'a'} = {}) => {
      addRun(name, new Date(Number(name.replace(/\D/g, '')) * 1000));
      const epochs = accuracies.map((validationAccuracy, i) => ({validationAccuracy, validationLoss: losses[i]}));
      writeFileSync(at('runs', name, 'metrics.json'), JSON.stringify({epochs}));
      writeFileSync(at('runs', name, 'run.json'), JSON.stringify({dataset: {digest, split: {seed: 0}}}));
      if (status) writeFileSync(at('runs', name, 'status.json'), JSON.stringify({state: status}));
    };
    const best = () => modelPath(at('best'));
    const modelOf = (name: string) => at('runs', name, 'model.onnx');

    it('is the one of the finished run that is most accurate in its best epoch of validation', () => {
      addMeasured('a1', [0.9, 0.8], [1, 1]);
      addMeasured('b2', [0.91, 0.5], [2, 1]);
      addMeasured('c3', [0.99], [0.1], {status: 'interrupted'});
      addRun('d4', new Date(4000));
      mkdirSync(at('runs', 'e5'));
      writeFileSync(at('runs', 'notes.txt'), '');
      writeFileSync(at('runs', 'd4', 'metrics.json'), '{"epochs": [{}]}');
      expect(best()).to.equal(modelOf('b2'));
      expect(explainModel(at('best'), best())).to.equal(undefined);
    });

    it('is of equally accurate ones that with the lower loss in that epoch, then the newest, and says so', () => {
      addMeasured('a2', [0.9, 0.8], [0.4, 0.1]);
      addMeasured('b1', [0.9], [0.3]);
      expect(best()).to.equal(modelOf('b1'));
      expect(explainModel(at('best'), best())).to.equal(
        `--model best is ${at('runs', 'b1')}: 90.000% in validation, as ${at('runs', 'a2')}; the lower validation loss decides`,
      );
      addMeasured('c3', [0.9], [0.3]);
      expect(best()).to.equal(modelOf('c3'));
      expect(explainModel(at('best'), best())).to.include('the newer one decides');
    });

    it('says where the runs were validated with different pictures', () => {
      addMeasured('a1', [0.9], [0.4]);
      addMeasured('b2', [0.8], [0.3], {digest: 'b'});
      expect(best()).to.equal(modelOf('a1'));
      expect(explainModel(at('best'), best()))
        .to.include('not all runs')
        .and.include('the same pictures');
    });

    it('is none where no run is finished, and a file of that name where there is one', () => {
      expect(failure(at('best')).message).to.equal(`there is no finished run in ${at('runs')}, so no best model`);
      writeFileSync(at('best'), '');
      addMeasured('a1', [0.9], [0.4]);
      expect(best()).to.equal(at('best'));
    });
  });

  it('is that of the run of this name, unless a file or folder has it', () => {
    addRun('grain4-1', new Date(1000));
    expect(modelPath(at('grain4-1'))).to.equal(at('runs', 'grain4-1', 'model.onnx'));
    addRun('not yet');
    expect(failure(at('not yet')).message).to.include('a run that has not been finished');
    expect(modelPath(at('grain4-2'))).to.equal(at('grain4-2'));
    expect(runsNamedLike(at('grain4-2'))).to.deep.equal([`Did you mean the run ${at('grain4-1')}?`]);
    writeFileSync(at('grain4-1'), '');
    expect(modelPath(at('grain4-1'))).to.equal(at('grain4-1'));
  });
});
