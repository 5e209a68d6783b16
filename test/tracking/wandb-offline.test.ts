import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {crc32} from 'node:zlib';
import {expect} from 'chai';
import {openFileTracker} from '../../src/tracking/open-file-tracker.ts';
import {manifestDigest} from '../../src/tracking/wandb/artifact.ts';
import {netrcPassword} from '../../src/tracking/wandb/netrc.ts';
import {isWandbOffline, wandbMode, wandbSettings} from '../../src/tracking/wandb/settings.ts';
import {TransactionLog} from '../../src/tracking/wandb/transaction-log.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {fieldsOf, type WireFields} from '../helpers/wire-fields.ts';
import {describedRun, trainingEvents} from './events.ts';

/** Reads the records of a log, block by block, and checks the sum of each chunk. */
function recordsOf(bytes: Buffer): Buffer[] {
  expect(bytes.subarray(0, 7).toString('hex')).to.equal('3a572642e1be00');
  const records: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let at = 7; at < bytes.length; ) {
    const left = 32_768 - (at % 32_768);
    if (left < 7) {
      expect([...bytes.subarray(at, at + left)].every((byte) => byte === 0)).to.equal(true);
      at += left;
      continue;
    }
    const length = bytes.readUInt16LE(at + 4);
    const type = bytes[at + 6];
    const content = bytes.subarray(at + 7, at + 7 + length);
    expect(7 + length, 'a chunk does not cross a block').to.be.at.most(left);
    expect(bytes.readUInt32LE(at)).to.equal(crc32(bytes.subarray(at + 6, at + 7 + length)));
    expect(type, 'the first chunk of a record').to.be.oneOf(parts.length === 0 ? [1, 2] : [3, 4]);
    parts.push(content);
    if (type === 1 || type === 4) {
      records.push(Buffer.concat(parts));
      parts = [];
    }
    at += 7 + length;
  }
  expect(parts).to.deep.equal([]);
  return records;
}

const text = (fields: WireFields, number: number) => fields[number]?.map(String) ?? [];
/** Keys, joined where there are several, and values. */
const items = (parent: WireFields, number: number, json = 16) =>
  Object.fromEntries(
    (parent[number] ?? []).map((bytes) => {
      const item = fieldsOf(bytes);
      return [[...text(item, 1), ...text(item, 2)].join('.'), JSON.parse(text(item, json)[0])];
    }),
  );

describe('tracking: W&B offline', () => {
  const folder = temporaryFolder();

  it('splits records into chunks that no block cuts, of every length near the border', () => {
    const path = join(folder(), 'lengths.wandb');
    const lengths = [0, 1, 32_747, 0, 40_000, 100_000, ...Array.from({length: 30}, (_, i) => 32_735 + i)];
    const log = new TransactionLog(path);
    for (const [i, length] of lengths.entries()) log.write(new Uint8Array(length).fill(i + 1));
    log.close();
    const records = recordsOf(readFileSync(path));
    expect(records.map(({length}) => length)).to.deep.equal(lengths);
    for (const [i, record] of records.entries()) expect(record.every((byte) => byte === i + 1)).to.equal(true);
    expect(() => new TransactionLog(path)).to.throw(/cannot write/);
  });

  it('writes the whole run, and writes it anew when it goes on', () => {
    const env = {WANDB_MODE: 'offline', WANDB_PROJECT: 'grains', WANDB_TAGS: 'a, b', WANDB_NAME: 'mine'};
    const once = trainingEvents(folder(), ['wandb']);
    const stopped = [{type: 'finish', state: 'killed'} as const, {type: 'resume'} as const];
    const all = [...once.slice(0, 6), ...stopped.map((body) => ({...body, time: once[5].time})), ...once.slice(6)];
    const first = openFileTracker('wandb', all.slice(0, 6), env)!;
    first.close();
    const log = join(first.place, 'run-abcd1234.wandb');
    writeFileSync(`${log}.synced`, '');
    const {place, ...tracker} = openFileTracker('wandb', all, env)!;
    expect(place).to.equal(first.place);
    expect(place).to.match(/wandb.offline-run-2026\d{4}_\d{6}-abcd1234$/);
    expect(existsSync(`${log}.synced`), 'it is to be synced again').to.equal(false);
    void tracker;

    const records = recordsOf(readFileSync(log)).map(fieldsOf);
    expect(records.map((record) => Number(record[1][0]))).to.deep.equal(records.map((_, i) => i + 1));
    const of = (number: number) =>
      records.filter((record) => record[number]).map((record) => fieldsOf(record[number][0]));
    const [run] = of(17);
    expect([1, 3, 8, 10, 13].map((number) => text(run, number))).to.deep.equal([
      ['abcd1234'],
      ['grains'],
      ['mine'],
      ['a', 'b'],
      ['here'],
    ]);
    expect(items(fieldsOf(run[4][0]), 1)).to.deep.include({
      network: 'grain4',
      schedule: {epochs: 2, learningRate: 1e-7},
    });
    const history = of(2).map((record) => items(record, 1));
    expect(history).to.have.length(3);
    expect(history[1]).to.deep.include({'val/accuracy': 0.5, epoch: 2, _step: 1, _runtime: 8});
    expect(history[1]).to.deep.include({'weights/a._type': 'histogram', 'weights/a.values': [1, 1, 1, 1]});
    expect(history[2]).to.deep.include({'test/accuracy': 0.75, _step: 2, 'mistakes._type': 'image-file'});
    expect(of(3).map((record) => items(record, 1))).to.deep.equal(history);
    expect(of(7).map((record) => items(record, 3))[0]).to.deep.equal({cpu: 50, memory_percent: 25});
    expect(of(13).map((record) => text(record, 3)[0])).to.deep.equal([
      'training 139,922 parameters\n',
      'epoch 1\n',
      'epoch 2\n',
    ]);
    const files = of(6).map((record) => text(fieldsOf(record[1][0]), 1)[0]);
    expect(files).to.have.length(2);
    for (const file of files) expect(existsSync(join(place, 'files', file)), file).to.equal(true);
    expect(history[2]['mistakes.path']).to.equal(files[1]);
    const [artifact] = of(8);
    expect([4, 5, 11, 20].map((number) => text(artifact, number))).to.deep.equal([
      ['model'],
      ['grain4-1'],
      ['latest', 'best'],
      ['MANIFEST_MD5'],
    ]);
    expect(of(18).map((record) => Number(record[1][0]))).to.deep.equal([0]);
    expect(readdirSync(join(folder(), 'wandb'))).to.have.length.within(1, 2);
  });

  it('computes the digest of an artifact as W&B does', () => {
    // printf 'wandb-artifact-manifest-v1\na:AAA=\nb:BBB=\n' | md5sum
    const files = [
      {path: 'b', md5: 'BBB='},
      {path: 'a', md5: 'AAA='},
    ];
    expect(manifestDigest(files)).to.equal('17141e50cdbde2e45f418cee7f87f6fc');
  });
});

describe('tracking: settings of W&B', () => {
  const folder = temporaryFolder();
  const run = describedRun('/x');

  it('come from its variables; what the command names goes first', () => {
    const env = {
      WANDB_API_KEY: 'k',
      WANDB_BASE_URL: 'http://here:1//',
      WANDB_PROJECT: 'p',
      WANDB_RUN_ID: 'r',
      WANDB_DIR: '/d',
    };
    expect(wandbSettings(run, env)).to.include({base: 'http://here:1', key: 'k', project: 'p', id: 'r', dir: '/d'});
    expect(wandbSettings({...run, project: 'mine'}, env).project).to.equal('mine');
    expect(wandbSettings(run, {HOME: folder()})).to.include({
      base: 'https://api.wandb.ai',
      project: 'rice',
      id: 'abcd1234',
      dir: '/x',
    });
  });

  it('take the key from .netrc, by the host, also from _netrc', () => {
    writeFileSync(join(folder(), '_netrc'), 'machine api.wandb.ai\n  login user\n  password from-netrc # mine\n');
    expect(wandbSettings(run, {HOME: folder()}).key).to.equal('from-netrc');
    expect(wandbSettings(run, {HOME: folder(), WANDB_BASE_URL: 'http://other'}).key).to.equal(undefined);
    expect(netrcPassword('default login a password d\nmachine m login password password p', 'm')).to.equal('p');
    expect(netrcPassword('machine n login a password p default login b password d', 'm')).to.equal('d');
    expect(netrcPassword('# machine m password no\nmachine m account x', 'm')).to.equal(undefined);
  });

  it('say when a run is written to a folder, and refuse what they do not know', () => {
    expect(isWandbOffline(run, {HOME: '/nowhere'}), 'without a key').to.equal(true);
    expect(isWandbOffline(run, {HOME: '/nowhere', WANDB_MODE: 'online'})).to.equal(false);
    expect(isWandbOffline(run, {WANDB_API_KEY: 'k', WANDB_MODE: 'dryrun'})).to.equal(true);
    expect(wandbMode({WANDB_MODE: 'shared'})).to.equal('online');
    expect(() => wandbMode({WANDB_MODE: 'disable'})).to.throw('WANDB_MODE is "disable": did you mean disabled?');
    expect(() => wandbSettings(run, {WANDB_RESUME: 'yes'})).to.throw('use one of allow, must, never, auto');
    expect(() => wandbSettings(run, {WANDB_BASE_URL: 'here'})).to.throw('not the address of a server');
  });
});
