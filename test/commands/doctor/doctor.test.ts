import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {checkAccelerator} from '../../../src/commands/doctor/devices.ts';
import {unsupportedSince} from '../../../src/commands/doctor/node-support.ts';
import {probeDevice} from '../../../src/commands/doctor/probe-device.ts';
import {HAS_MODEL, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';

interface Diagnosis {
  healthy: boolean;
  checks: {name: string; state: string; message: string; advice?: string}[];
  devices: {device: string; works: boolean}[];
  model: {labels: string[]} | null;
  cache: {folder: string; writable: boolean};
  files: {path: string}[];
}

describe('rice doctor', () => {
  const folder = temporaryFolder();
  const examine = async (args: string[] = [], env: Record<string, string> = {}) => {
    const {code, stdout, stderr} = await rice(['doctor', '--json', ...args], {cwd: folder(), env});
    expect(stderr).to.equal('');
    const diagnosis = parseAs<Diagnosis>('doctor', stdout);
    return {...diagnosis, code, of: (name: string) => diagnosis.checks.find((check) => check.name === name)!};
  };

  describe('with the shipped model (needs models/rice.onnx)', () => {
    before(function () {
      if (!HAS_MODEL) this.skip();
    });

    it('says that rice can predict, and what with', async () => {
      const {code, healthy, model, devices, of} = await examine();
      expect([code, healthy]).to.deep.equal([0, true]);
      expect(model!.labels).to.include('Basmati');
      expect(devices[0]).to.include({device: 'cpu', works: true});
      expect(of('model').message).to.match(/answers on the CPU .* onnxruntime \d/);
    });

    it('fits one screen', async () => {
      const {code, stdout} = await rice(['doctor']);
      expect(code).to.equal(0);
      expect(stdout.split('\n').length).to.be.below(25);
      expect(stdout).to.match(/\nrice can predict here\.\n$/);
    });

    it('tells a configuration that is not understood, and goes on', async () => {
      const {code, of} = await examine([], {RICE_DEVICE: 'gqu'});
      expect(code).to.equal(1);
      expect(of('configuration'))
        .to.include({state: 'problem'})
        .and.to.have.property('message')
        .that.contains('RICE_DEVICE');
      expect(of('model').state).to.equal('ok');
    });

    it('names the files that it found', async () => {
      const file = join(folder(), '.ricerc');
      writeFileSync(file, 'threads: 1\n');
      const {of, files} = await examine();
      expect(files.map(({path}) => path)).to.deep.equal([file]);
      expect(of('configuration').message).to.contain('.ricerc');
      expect(of('threads').message).to.match(/^1 of /);
    });

    it('says that a folder for caches cannot be written', async () => {
      const file = join(folder(), 'a-file');
      writeFileSync(file, '');
      const {code, of} = await examine([], {RICE_CACHE_DIR: file});
      if (process.getuid?.() !== 0) expect(of('cache')).to.include({state: 'warning'});
      expect(code).to.equal(0);
    });
  });

  it('is not content with a model that is not there', async () => {
    const {code, healthy, model, of} = await examine(['--model', join(folder(), 'none.onnx')]);
    expect([code, healthy, model]).to.deep.equal([1, false, null]);
    expect(of('model')).to.include({state: 'problem'}).and.to.have.property('advice').that.contains('--model');
  });

  it('answers to info as well', async () => {
    const {stdout} = await rice(['info', '--help']);
    expect(stdout).to.contain('rice doctor');
  });

  it('gives up on a device that does not answer', async () => {
    const answer = await probeDevice({device: 'cpu'}, 1);
    expect(answer).to.deep.equal({works: false, reason: 'it did not answer within 0.001 s', suggestions: []});
  });

  it('makes a device that somebody asked for a problem, and no other', () => {
    const answer = {
      works: false,
      reason: 'the device webgpu cannot be used here: no driver',
      suggestions: ['Get one.'],
    } as const;
    const asked = checkAccelerator('webgpu', {...answer, suggestions: ['Get one.']}, true);
    expect(asked).to.deep.equal({name: 'webgpu', state: 'problem', message: 'no driver', advice: 'Get one.'});
    const other = checkAccelerator('webgpu', {...answer, suggestions: ['Get one.']}, false);
    expect(other).to.deep.equal({name: 'webgpu', state: 'absent', message: 'no driver'});
  });

  it('knows until when a Node is looked after', () => {
    expect(unsupportedSince('20.19.0', '2026-04-30')).to.equal(undefined);
    expect(unsupportedSince('20.19.0', '2026-05-01')).to.equal('2026-04-30');
    expect(unsupportedSince('99.0.0', '2026-05-01')).to.equal(undefined);
  });
});
