import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {expect} from 'chai';
import {HAS_MODEL, ROOT, rice, startRice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {description, externalModel, writeModel} from '../../model/external/models.ts';
import {grainJpeg, writeColorModel} from '../pictures.ts';

interface Document {
  warnings: string[];
  busy: boolean;
  rounds: number;
  loads: object[];
  machine: {cpu: string; onnxruntime: string};
  pictures: {folder: string | null; part: string | null; count: number};
  models: {label: string; name: string; version: string; sha256: string; bytes: number; parameters: number}[];
  configurations: {
    model: string;
    device: string;
    threads: number;
    startUpSeconds: {value: number; low: number | null};
    peakMemory: number;
    accuracy: {images: number; accuracy: number; sameAsFirst: number | null} | null;
    results: {
      decoding: boolean;
      batchSize: number;
      imagesPerSecond: {value: number; rounds: number[]};
      processorMilliseconds: {value: number};
      milliseconds: {p50: number; calls: number};
      ratio: {value: number; low: number; high: number; to: number} | null;
      busy: boolean;
    }[];
  }[];
}

/** As short as it can be, and on a machine that runs other tests as well. */
const QUICK = ['--device', 'cpu', '--seconds', '0.02', '--allow-busy'];

describe('rice benchmark', () => {
  const folder = temporaryFolder();
  let env: Record<string, string>;
  before(() => {
    writeColorModel(join(folder(), 'color.onnx'));
    writeModel(folder(), 'external', externalModel(), description());
    writeModel(folder(), 'other', externalModel(), description({labels: ['oat', 'rye', 'spelt']}));
    env = {RICE_CACHE_DIR: join(folder(), 'cache')};
    for (const color of ['Red', 'Blue'] as const) {
      mkdirSync(join(folder(), 'set', color), {recursive: true});
      for (let seed = 1; seed <= 10; seed++)
        writeFileSync(join(folder(), 'set', color, `${seed}.jpg`), grainJpeg(color, seed));
    }
    writeFileSync(join(folder(), 'set', 'Blue', 'wrong.jpg'), grainJpeg('Red', 99));
  });
  const run = (...args: string[]) => rice(['benchmark', ...args], {cwd: folder(), env});
  const measure = async (...args: string[]) => {
    const {code, stdout, stderr} = await run(...args, ...QUICK, '--json');
    expect([code, stderr], stdout).to.deep.equal([0, '']);
    return parseAs<Document>('benchmark', stdout);
  };

  it('measures two models side by side', async function () {
    if (!HAS_MODEL) return this.skip();
    const shipped = join(ROOT, 'models', 'rice.onnx');
    const {models, configurations, rounds, loads, machine, pictures} = await measure(
      shipped,
      'external.onnx',
      '--rounds',
      '2',
      '--threads',
      '1',
      '--batch-size',
      '1,4',
    );
    expect([rounds, loads.length]).to.deep.equal([2, 3]);
    expect(machine.onnxruntime).to.match(/^\d+\./);
    expect(pictures).to.include({folder: null, part: null});
    expect(models.map(({label}) => label)).to.deep.equal([shipped, 'external.onnx']);
    expect(models[0]).to.include({name: 'rice', bytes: readFileSync(shipped).length});
    expect(configurations.map(({model, device, threads}) => [model, device, threads])).to.deep.equal([
      [shipped, 'cpu', 1],
      ['external.onnx', 'cpu', 1],
    ]);
    for (const {startUpSeconds, peakMemory, accuracy, results} of configurations) {
      expect(startUpSeconds.value).to.be.within(0.02, 60);
      expect(peakMemory).to.be.within(30e6, 4e9);
      expect(accuracy).to.equal(null);
      expect(results.map(({decoding, batchSize}) => [decoding, batchSize])).to.deep.equal([
        [false, 1],
        [false, 4],
        [true, 1],
        [true, 4],
      ]);
      for (const {imagesPerSecond, processorMilliseconds, milliseconds} of results) {
        expect(processorMilliseconds.value).to.be.above(0);
        expect(imagesPerSecond.rounds.length).to.equal(2);
        expect(imagesPerSecond.value).to.be.closeTo(
          Math.sqrt(imagesPerSecond.rounds[0] * imagesPerSecond.rounds[1]),
          1e-6 * imagesPerSecond.value,
        );
        expect(milliseconds.calls).to.be.at.least(2);
      }
    }
    const [first, second] = configurations.map(({results}) => results);
    expect(first.every(({ratio}) => ratio === null)).to.equal(true);
    second.forEach(({ratio, imagesPerSecond}, i) => {
      expect(ratio!.to).to.equal(0);
      expect(ratio!.value).to.be.closeTo(imagesPerSecond.value / first[i].imagesPerSecond.value, 1e-9 * ratio!.value);
      expect(ratio!.low).to.be.at.most(ratio!.value);
      expect(ratio!.high).to.be.at.least(ratio!.value);
    });
  });

  it('measures the accuracy with labeled pictures, and tells how many answers are those of the first model', async () => {
    const {configurations, pictures, models} = await measure(
      'color.onnx',
      'color.onnx',
      '--data',
      'set',
      '--part',
      'all',
      '--rounds',
      '1',
      '--batch-size',
      '2',
      '--threads',
      '1,2',
      '--chart',
      'speed.svg',
      '--report',
      'speed.html',
    );
    expect(readFileSync(join(folder(), 'speed.html'), 'utf8')).to.match(/<h1>~[\d,]+ images a second<\/h1>/);
    expect(readFileSync(join(folder(), 'speed.svg'), 'utf8')).to.match(/^<\?xml .*95\.24% right.*<\/svg>\n$/s);
    expect(pictures).to.deep.include({folder: join(folder(), 'set'), part: 'all', count: 21});
    expect(models.map(({label}) => label)).to.deep.equal(['color.onnx', 'color.onnx (2)']);
    expect(configurations.map(({threads}) => threads)).to.deep.equal([1, 2, 1, 2]);
    for (const {accuracy, startUpSeconds} of configurations) {
      expect(accuracy!.images).to.equal(21);
      expect(accuracy!.accuracy).to.be.closeTo(20 / 21, 1e-9);
      expect(startUpSeconds.low).to.equal(null);
    }
    expect(configurations.map(({accuracy}) => accuracy!.sameAsFirst)).to.deep.equal([null, null, 21, 21]);
    expect(configurations.map(({results}) => results[0].ratio?.to)).to.deep.equal([undefined, 0, 0, 1]);
  });

  it('measures the speed of a model with other labels as well, but not its accuracy', async () => {
    const args = ['--data', 'set', '--part', 'all', '--rounds', '1', '--batch-size', '1', '--threads', '1', ...QUICK];
    const {code, stdout} = await run('other.onnx', 'color.onnx', ...args, '--json');
    expect(code).to.equal(0);
    const {configurations, warnings} = parseAs<Document>('benchmark', stdout);
    expect(configurations.map(({accuracy}) => accuracy?.images)).to.deep.equal([undefined, 21]);
    expect(warnings.join()).to.contain('no accuracy of other.onnx');
    const alone = await run('other.onnx', ...args, '--json');
    expect(parseAs<{error: {code: string}}>('error', alone.stdout).error.code).to.equal('DATASET_LABELS');
  });

  it('prints tables, and a row for each figure as CSV', async () => {
    const args = ['--rounds', '1', '--batch-size', '1', '--threads', '1', ...QUICK];
    const {code, stdout} = await run('color.onnx', ...args);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^rice .*, Node v.*, onnxruntime \d.*, \d{4}-\d\d-\d\d$/m);
    expect(stdout).to.match(/^40 drawn pictures, .*; 1 round of 0\.02 s/m);
    expect(stdout.match(/^color\.onnx +.*$/gm)).to.have.length(3);
    expect(stdout).to.match(/^model +version +file +parameters +start +memory$/m);
    // Without a name, the model that rice predict would use.
    const csv = await rice(['benchmark', ...args, '--format', 'csv'], {
      cwd: folder(),
      env: {...env, RICE_MODEL: 'color.onnx'},
    });
    const lines = csv.stdout.trimEnd().split('\n');
    expect(lines.length).to.equal(3);
    expect(lines[0]).to.match(/^model,version,sha256,device,threads,decoding,batchSize,imagesPerSecond,/);
    expect(lines[1]).to.match(/^color\.onnx,0\.1\.0,[\da-f]{64},cpu,1,false,1,\d/);
    const fields = lines.map((line) => line.replaceAll(/"[^"]*"/g, '').split(',').length);
    expect(new Set(fields).size).to.equal(1);
  });

  it('refuses what cannot be measured before it begins', async () => {
    const failure = async (...args: string[]) => {
      const {code, stdout} = await run(...args, '--json', '--allow-busy');
      expect(code).to.equal(2);
      return parseAs<{error: {code: string; message: string}}>('error', stdout).error;
    };
    expect(await failure('none.onnx')).to.include({code: 'MODEL_NOT_FOUND'});
    expect(await failure('--threads', '1,two')).to.include({code: 'USAGE'});
    expect(await failure('--batch-size', '65')).to.include({code: 'OUT_OF_RANGE'});
    expect((await failure('--device', 'gpu')).message).to.contain('"gpu" is no device');
    expect((await failure('color.onnx', '--chart', 'speed.png')).message).to.contain('must end with .svg');
    expect((await failure('color.onnx', '--report', 'speed.svg')).message).to.contain('must end with .html');
    expect(await failure('--part', 'test')).to.include({code: 'USAGE'});
    expect(await failure('color.onnx', '--data', 'missing')).to.include({code: 'PATH_NOT_FOUND'});
    if (process.platform !== 'win32')
      expect(await failure('color.onnx', '--device', 'dml')).to.include({code: 'DEVICE_UNAVAILABLE'});
  });

  it('ends at once on Ctrl-C, and its processes with it', async function () {
    if (process.platform !== 'linux') return this.skip();
    const args = ['color.onnx', '--device', 'cpu', '--seconds', '30', '--allow-busy', '--json'];
    const {child, ended} = startRice(['benchmark', ...args], {cwd: folder(), env});
    const children = () => childrenOf(child.pid!);
    while (children().length === 0) await setTimeout(50);
    const begun = children();
    child.kill('SIGINT');
    const {code, stdout} = await ended;
    expect(code).to.equal(130);
    expect(parseAs<{error: {code: string}}>('error', stdout).error.code).to.equal('BENCHMARK_INTERRUPTED');
    expect(begun.filter(isAlive)).to.deep.equal([]);
  });
});

function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
