import {execFile} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect} from 'chai';
import {workerFile} from '../../src/common/package-root.ts';
import {
  type DatasetRecord,
  readDatasetRecord,
  removeDatasetRecord,
  writeDatasetRecord,
} from '../../src/dataset/dataset-record.ts';
import {useTemporaryFolder, writeTree} from './fixtures.ts';

const RECORD: DatasetRecord = {
  source: 'huggingface',
  address: 'https://huggingface.co/datasets/x/rice.zip',
  date: '2025-11-25T10:00:00.000Z',
  digest: '1071310886d0097d67cf8a5095c83c30.dir',
  files: 75000,
  bytes: 267349373,
  labels: {Arborio: 15000, Basmati: 15000},
  verified: 'published',
  subset: {count: 100, seed: 7},
  of: '1071310886d0097d67cf8a5095c83c30.dir',
  only: ['Arborio', 'Basmati'],
  duplicates: 297,
  citation: 'Koklu (2021)',
  licence: 'CC0-1.0',
  rice: '1.2.3',
};

const run = promisify(execFile);

describe('the record of a dataset', () => {
  const folder = useTemporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);
  const text = () => JSON.parse(readFileSync(at('dataset.json'), 'utf8'));

  it('is written beside the folder, and can be read', async () => {
    mkdirSync(at('Rice'));
    await writeDatasetRecord(at('Rice'), RECORD);
    expect(text()).to.deep.equal({format: 1, datasets: {Rice: RECORD}});
    expect(readDatasetRecord(at('Rice'))).to.deep.equal(RECORD);
    expect(readDatasetRecord(`${at('Rice')}/`)).to.deep.equal(RECORD);
    expect(readDatasetRecord(at('Other'))).to.equal(undefined);
    expect(readdirSync(folder()).sort()).to.deep.equal(['Rice', 'dataset.json']);
    expect(readdirSync(at('Rice'))).to.deep.equal([]);
  });

  it('supports subsets, selected labels and null addresses', async () => {
    const record: DatasetRecord = {...RECORD, address: null, subset: null, only: null, of: null, verified: false};
    await writeDatasetRecord(at('Rice'), record);
    expect(readDatasetRecord(at('Rice'))).to.deep.equal(record);
  });

  it('is found through a link to the folder', async function () {
    if (process.platform === 'win32') this.skip();
    mkdirSync(at('data', 'Rice'), {recursive: true});
    await writeDatasetRecord(at('data', 'Rice'), RECORD);
    symlinkSync(at('data', 'Rice'), at('current'));
    expect(readDatasetRecord(at('current'))).to.deep.equal(RECORD);
  });

  it('keeps the records of other folders, whatever their content and name', async () => {
    writeTree(folder(), {
      'dataset.json': '{"format": 1, "datasets": {"Other": {"of": "a later version"}, "__proto__": {"x": 1}}}',
    });
    await writeDatasetRecord(at('Rice'), RECORD);
    await writeDatasetRecord(at('constructor'), RECORD);
    expect(text().datasets.Other).to.deep.equal({of: 'a later version'});
    expect(Object.keys(text().datasets)).to.have.members(['Other', '__proto__', 'Rice', 'constructor']);
    await removeDatasetRecord(at('Rice'));
    expect(Object.keys(text().datasets)).to.have.members(['Other', '__proto__', 'constructor']);
    expect(readDatasetRecord(at('toString'))).to.equal(undefined);
  });

  it('is removed, with the file if it was the last', async () => {
    await removeDatasetRecord(at('Rice'));
    expect(readdirSync(folder())).to.deep.equal([]);
    await writeDatasetRecord(at('Rice'), RECORD);
    await removeDatasetRecord(at('Rice'));
    expect(readdirSync(folder())).to.deep.equal([]);
  });

  it('is undefined if the file is damaged, has a later format, or contains something else', () => {
    const contents = [
      '',
      '{',
      'null',
      '[]',
      '{"format": 2, "datasets": {"Rice": 1}}',
      '{"format": 1}',
      '{"format": 1, "datasets": []}',
      JSON.stringify({format: 2, datasets: {Rice: RECORD}}),
    ];
    const wrong: Partial<Record<keyof DatasetRecord, unknown>>[] = [
      {source: 1},
      {address: undefined},
      {date: null},
      {digest: 5},
      {files: '75000'},
      {files: -1},
      {bytes: 1.5},
      {labels: null},
      {labels: {Arborio: 'many'}},
      {verified: true},
      {verified: 'yes'},
      {subset: {}},
      {subset: 5},
      {subset: {count: 1, seed: '1'}},
      {of: 5},
      {only: []},
      {only: 'Arborio'},
      {only: [1]},
      {duplicates: null},
      {rice: undefined},
    ];
    for (const change of wrong) contents.push(JSON.stringify({format: 1, datasets: {Rice: {...RECORD, ...change}}}));
    for (const content of contents) {
      writeTree(folder(), {'dataset.json': content});
      expect(readDatasetRecord(at('Rice')), content).to.equal(undefined);
    }
  });

  it('does not replace a file of another program', async () => {
    for (const content of ['my notes', '{"format": 2, "datasets": {}}', '{"name": "my data"}']) {
      writeTree(folder(), {'dataset.json': content});
      const error = await writeDatasetRecord(at('Rice'), RECORD).catch((error) => error);
      expect(error).to.include({code: 'PATH_NOT_WRITABLE'});
      expect(error.message).to.include(at('dataset.json'));
      await removeDatasetRecord(at('Rice'));
      expect(readFileSync(at('dataset.json'), 'utf8')).to.equal(content);
      expect(readdirSync(folder())).to.deep.equal(['dataset.json']);
    }
  });

  it('names a missing folder', async () => {
    const error = await writeDatasetRecord(at('nowhere', 'Rice'), RECORD).catch((error) => error);
    expect(error).to.include({code: 'PATH_NOT_FOUND'});
    expect(error.message).to.include(at('nowhere'));
  });

  it('takes over the lock of a killed process', async () => {
    writeTree(folder(), {'dataset.json.lock': 'someone'});
    const old = Date.now() / 1000 - 60;
    utimesSync(at('dataset.json.lock'), old, old);
    await writeDatasetRecord(at('Rice'), RECORD);
    expect(readdirSync(folder())).to.deep.equal(['dataset.json']);
  });

  it('is not lost if several processes write at once', async () => {
    const child = join(import.meta.dirname, 'dataset-record-child.ts');
    const {execArgv} = workerFile('dataset/cache/prepare-worker');
    const start = (first: number) =>
      run(process.execPath, [...execArgv, child, folder(), String(first), '25', JSON.stringify(RECORD)]);
    await Promise.all([start(0), start(25), start(50)]);
    expect(Object.keys(text().datasets)).to.have.length(75);
    expect(readDatasetRecord(at('set-74'))).to.deep.equal(RECORD);
    expect(readdirSync(folder())).to.deep.equal(['dataset.json']);
  });
});
