import {expect} from 'chai';
import type {Picture} from '../../../src/prediction/picture.ts';
import {ofShard, parseShard, shardFromEnvironment, shardOf} from '../../../src/prediction/sources/shard.ts';
import {pathsOf, thrownBy} from '../collect.ts';

const KEYS = Array.from({length: 10_000}, (_, i) => `folder ${i % 7}/grain (${i}).jpg`);

describe('a shard', () => {
  it('is parsed from I/N', () => {
    expect(parseShard('1/1', {})).to.deep.equal({index: 1, count: 1});
    expect(parseShard('2/8', {})).to.deep.equal({index: 2, count: 8});
    for (const text of ['', '1', '1/', '/2', 'a/2', '1/2/3', '-1/2', '1.5/2', ' 1/2', '1/2\n', 'auto', '1/9999999999'])
      expect(
        thrownBy(() => parseShard(text, {})),
        text,
      ).to.have.property('code', 'USAGE');
    for (const text of ['0/2', '3/2', '1/0', '0/0'])
      expect(
        thrownBy(() => parseShard(text, {})),
        text,
      ).to.have.property('code', 'OUT_OF_RANGE');
  });

  it('takes its index from the environment on request', () => {
    const from = 'CLOUD_RUN_TASK_INDEX';
    expect(parseShard('auto/4', {[from]: '3'})).to.deep.equal({index: 4, count: 4, from});
    expect(thrownBy(() => parseShard('auto/3', {[from]: '3'}))).to.have.property('code', 'OUT_OF_RANGE');
    expect(thrownBy(() => parseShard('auto/3', {}))).to.have.property('code', 'USAGE');
  });

  const environments: [string, Record<string, string>, number, number][] = [
    ['Cloud Run', {CLOUD_RUN_TASK_INDEX: '0', CLOUD_RUN_TASK_COUNT: '10'}, 1, 10],
    ['Cloud Run, the last', {CLOUD_RUN_TASK_INDEX: '9', CLOUD_RUN_TASK_COUNT: '10'}, 10, 10],
    ['Kubernetes', {JOB_COMPLETION_INDEX: '2', JOB_COMPLETIONS: '4'}, 3, 4],
    ['SLURM, 0-3', slurm(2, 0, 1, 4), 3, 4],
    ['SLURM, 1-8', slurm(8, 1, 1, 8), 8, 8],
    ['SLURM, 1-9:2', slurm(5, 1, 2, 5), 3, 5],
    ['SLURM, 100-300:100', slurm(300, 100, 100, 3), 3, 3],
    ['SLURM, without what older versions leave out', {SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_COUNT: '2'}, 2, 2],
  ];
  for (const [name, env, index, count] of environments)
    it(`comes from ${name}`, () => {
      expect(shardFromEnvironment(env)).to.deep.equal({index, count, from: Object.keys(env)[0]});
    });

  it('is undefined outside of a job', () => {
    expect(shardFromEnvironment({})).to.equal(undefined);
    expect(shardFromEnvironment({CLOUD_RUN_TASK_INDEX: '', JOB_COMPLETIONS: '3'})).to.equal(undefined);
  });

  const mistakes: [string, Record<string, string>, string][] = [
    ['an index without a count', {JOB_COMPLETION_INDEX: '1'}, 'USAGE'],
    ['an index beyond the count', {CLOUD_RUN_TASK_INDEX: '2', CLOUD_RUN_TASK_COUNT: '2'}, 'OUT_OF_RANGE'],
    ['an index that is not a number', {CLOUD_RUN_TASK_INDEX: 'one', CLOUD_RUN_TASK_COUNT: '2'}, 'USAGE'],
    ['a negative number', {JOB_COMPLETION_INDEX: '-1', JOB_COMPLETIONS: '2'}, 'USAGE'],
    ['an array of single tasks', slurm(4, 1, 2, 3), 'USAGE'],
    ['an array of single tasks, given as steps of 1', slurm(9, 1, 1, 3), 'OUT_OF_RANGE'],
  ];
  for (const [name, env, code] of mistakes)
    it(`rejects ${name}`, () => {
      expect(thrownBy(() => shardFromEnvironment(env))).to.have.property('code', code);
    });

  it('has about the same size as others, and each picture is in exactly one', () => {
    for (const count of [1, 2, 3, 7, 64]) {
      const sizes = new Array<number>(count + 1).fill(0);
      for (const key of KEYS) sizes[shardOf(key, count)]++;
      const mean = KEYS.length / count;
      expect(sizes[0]).to.equal(0);
      expect(sizes.reduce((sum, size) => sum + size)).to.equal(KEYS.length);
      // Six standard deviations of an even division.
      for (const size of sizes.slice(1)) expect(Math.abs(size - mean)).to.be.at.most(6 * Math.sqrt(mean));
    }
  });

  it('is the same on every machine and in every version', () => {
    const shards = ['a.jpg', 'in/b.jpg', 'ä.jpg', ''].map((key) => shardOf(key, 1000));
    expect(shards).to.deep.equal(SHARDS);
    expect(shardOf('in\\b.jpg', 1000)).to.equal(shardOf('in/b.jpg', 1000));
  });

  it('keeps its pictures, in order, if others are added', async () => {
    const pictures = (keys: string[]): Picture[] => keys.map((key) => ({path: `/data/${key}`, key}));
    async function* source(keys: string[]) {
      for (let start = 0; start < keys.length; start += 100) yield pictures(keys.slice(start, start + 100));
    }
    for (const index of [1, 2, 3]) {
      const few = await pathsOf(ofShard(source(KEYS.slice(0, 500)), {index, count: 3}));
      const all = await pathsOf(ofShard(source(KEYS), {index, count: 3}));
      expect(all.slice(0, few.length)).to.deep.equal(few);
    }
  });

  it('depends on the path if there is no key', async () => {
    async function* source() {
      yield KEYS.slice(0, 50).map((path) => ({path}));
    }
    const parts = await Promise.all([1, 2, 3].map((index) => pathsOf(ofShard(source(), {index, count: 3}))));
    expect(parts.flat().sort()).to.deep.equal(KEYS.slice(0, 50).sort());
  });
});

function slurm(id: number, min: number, step: number, count: number): Record<string, string> {
  return {
    SLURM_ARRAY_TASK_ID: `${id}`,
    SLURM_ARRAY_TASK_MIN: `${min}`,
    SLURM_ARRAY_TASK_STEP: `${step}`,
    SLURM_ARRAY_TASK_COUNT: `${count}`,
  };
}

/** From `printf %s KEY | sha256sum`: its first 12 digits, divided by 16^12, times 1000, rounded down, plus 1. */
const SHARDS = [315, 358, 611, 890];
