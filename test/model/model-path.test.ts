import {mkdirSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {modelPath} from '../../src/model/model-path.ts';
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
});
