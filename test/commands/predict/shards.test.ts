import {expect} from 'chai';
import {parseAs} from '../../cli/schema.ts';
import {type Document, linesOf, predictProject} from './project.ts';

describe('rice predict --shard', () => {
  const {write, run, json} = predictProject();
  before(() => {
    for (let i = 0; i < 12; i++) write({[`photos/${i}.jpg`]: 'Red', [`photos/in/${i}.jpg`]: 'Blue'});
    write({'photos/broken.jpg': Buffer.from('x'), 'elsewhere/0.jpg': 'Red', 'elsewhere/new.jpg': 'Red'});
  });
  const lines = async (args: string[], env: Record<string, string> = {}) =>
    linesOf((await run([...args, '--format', 'ndjson'], {env})).stdout);

  it('divides the pictures so that each is in exactly one shard', async () => {
    const whole = await lines(['photos', '-r', 'photos/*.jpg']);
    for (const count of [1, 2, 5]) {
      const parts: string[][] = [];
      for (let index = 1; index <= count; index++)
        parts.push(await lines(['photos', '-r', 'photos/*.jpg', '--shard', `${index}/${count}`]));
      expect(parts.flat().sort()).to.deep.equal([...whole].sort());
    }
  });

  it('does not depend on the name of the folder', async () => {
    const [here] = await lines(['photos/0.jpg', '--shard', '1/1']);
    expect(here).to.equal('photos/0.jpg: Red');
    for (const shard of ['1/2', '2/2']) {
      const name = (line: string) => line.replace(/^\w+\//, '');
      const first = (await lines(['photos', '--shard', shard])).map(name).includes('0.jpg: Red');
      const second = (await lines(['elsewhere', '--shard', shard])).map(name).includes('0.jpg: Red');
      expect(first).to.equal(second);
    }
  });

  it('follows the task index of the job, says so, and is in the document', async () => {
    const env = {CLOUD_RUN_TASK_INDEX: '1', CLOUD_RUN_TASK_COUNT: '3'};
    const {stdout, stderr, code} = await run(['photos', '--quiet'], {env});
    expect(code).to.be.oneOf([0, 1]);
    expect(stderr).to.match(/^Warning: shard 2 of 3, set by CLOUD_RUN_TASK_INDEX$/m);
    expect(stdout.split('\n').length).to.be.below(13);
    const document = await json(['photos'], {env});
    expect(document.shard).to.deep.equal({index: 2, count: 3});
    expect(document.warnings).to.deep.equal(['shard 2 of 3, set by CLOUD_RUN_TASK_INDEX']);
    const all = await json(['photos', '--shard', '1/1'], {env});
    expect(all.summary.images + all.summary.errors).to.equal(13);
    expect((await json(['photos', '--shard', 'auto/4'], {env})).shard).to.deep.equal({index: 2, count: 4});
  });

  it('may be empty', async () => {
    const empty = [];
    for (const shard of ['1/2', '2/2']) {
      const {code, stdout} = await run(['photos/0.jpg', '--json', '--shard', shard]);
      expect(code).to.equal(0);
      empty.push(parseAs<Document>('predict', stdout).summary.images);
    }
    expect(empty.sort()).to.deep.equal([0, 1]);
  });

  it('rejects a job without a task count', async () => {
    const {code, stderr} = await run(['photos'], {env: {JOB_COMPLETION_INDEX: '0'}});
    expect(code).to.equal(2);
    expect(stderr).to.match(/^Error USAGE: JOB_COMPLETION_INDEX is set.*\nTry: Set JOB_COMPLETIONS/);
  });
});
