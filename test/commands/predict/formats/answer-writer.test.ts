import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {ResultOutput} from '../../../../src/cli/result-output.ts';
import {AnswerWriter} from '../../../../src/commands/predict/formats/answer-writer.ts';
import {jsonFormat} from '../../../../src/commands/predict/formats/json-format.ts';
import {ndjsonFormat} from '../../../../src/commands/predict/formats/ndjson-format.ts';
import {RiceError} from '../../../../src/common/errors.ts';
import {parseAs} from '../../../cli/schema.ts';
import {useTemporaryFolder} from '../../../dataset/fixtures.ts';
import {failure, MODEL, prediction} from './entries.ts';

const RUN_INFO = {trust: 'any-camera' as const, warnings: [], shard: undefined, interrupted: false};
const FAILURE = new RiceError('INTERNAL', 'out of rice');

describe('writing answers', () => {
  const temporary = useTemporaryFolder();
  const file = () => join(temporary(), 'out');

  function open(format = jsonFormat(), notices: 'none' | 'errors' | 'all' = 'none') {
    const told: string[] = [];
    const drawn: string[] = [];
    const progress = {
      update: (done: number) => drawn.push(`${done}`),
      around(print: () => void) {
        drawn.push('away');
        print();
      },
      stop: () => drawn.push('stop'),
    };
    const output = new ResultOutput(file());
    const notice = (message: string) => told.push(message);
    return {told, drawn, output, answers: new AnswerWriter({output, format, progress, notice, notices})};
  }

  it('keeps complete partial results beside the file after an error, and leaves the error to the caller', async () => {
    writeFileSync(file(), 'old');
    for (const format of [jsonFormat(), ndjsonFormat()]) {
      const {answers, told} = open(format);
      answers.start(MODEL, []);
      await answers.write([prediction('a'), failure('b')]);
      expect(answers.fail(FAILURE, RUN_INFO)).to.equal(false);
      expect(told).to.deep.equal([`the results so far are in ${file()}.partial`]);
      expect(readFileSync(file(), 'utf8')).to.equal('old');
    }
    const lines = readFileSync(`${file()}.partial`, 'utf8').trim().split('\n');
    expect(lines.map((line) => Object.keys(parseAs<object>('predict-line', line)).at(-1))).to.deep.equal([
      'probabilities',
      'message',
      'error',
    ]);
  });

  it('keeps no file without results', () => {
    const {answers, output} = open();
    answers.start(MODEL, []);
    expect(answers.fail(FAILURE, RUN_INFO)).to.equal(false);
    output.discard();
    expect([existsSync(file()), existsSync(`${file()}.partial`)]).to.deep.equal([false, false]);
  });

  it('renames the file at the end, to another name if it was stopped', async () => {
    const whole = open();
    whole.answers.start(MODEL, []);
    whole.answers.end(RUN_INFO);
    parseAs('predict', readFileSync(file(), 'utf8'));
    const stopped = open();
    stopped.answers.start(MODEL, []);
    await stopped.answers.write([prediction('a')]);
    stopped.answers.end({...RUN_INFO, interrupted: true});
    expect(parseAs<object>('predict', readFileSync(`${file()}.partial`, 'utf8'))).to.have.property('interrupted', true);
    expect(stopped.told).to.have.length(1);
  });

  it('clears the bar only to print notices', async () => {
    const entries = [prediction('a', {warnings: ['w']}), failure('b')];
    for (const [tell, told, drawn] of [
      ['none', [], ['1', '3']],
      ['errors', ['PATH_NOT_READABLE: cannot read b'], ['1', 'away', '3']],
      ['all', ['a: w', 'PATH_NOT_READABLE: cannot read b', 'Check its permissions.'], ['1', 'away', '3']],
    ] as const) {
      const writer = open(jsonFormat(), tell);
      await writer.answers.write([prediction('x')]);
      await writer.answers.write(entries);
      writer.output.discard();
      expect([writer.told, writer.drawn]).to.deep.equal([told, drawn]);
    }
  });
});
