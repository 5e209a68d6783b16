import {copyFileSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {expect} from 'chai';
import {decodeModel} from '../../../src/onnx/model.ts';
import {writeSafetensors} from '../../../src/pretrained/formats/safetensors.ts';
import {NETWORKS} from '../../../src/training/networks/index.ts';
import {rice, startRice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {writeTree} from '../../dataset/fixtures.ts';
import {grainDataset} from '../../training/grain-dataset.ts';
import {type NamedTensor, namedWeights} from '../../training/initial/named-weights.ts';

const ARCH = ['--arch', 'mobilenetv3_small', '--image-size', '40', '--device', 'cpu'];

interface Result {
  run: string;
  weights: string;
  epochs: number;
  parameters: number;
  test: {images: number; accuracy: number};
}

describe('rice train --pretrained', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);
  const env = () => ({RICE_CACHE_DIR: at('cache'), HF_HOME: at('hub'), HF_HUB_OFFLINE: '1'});
  const run = (...args: string[]) => rice(args, {cwd: folder(), env: env()});
  const train = (...args: string[]) => run('train', 'data', ...ARCH, ...args);
  const tensors = namedWeights(NETWORKS.mobilenetv3_small, 10);

  function writeWeights(name: string, change: (changed: Map<string, NamedTensor>) => unknown = () => {}): void {
    const changed = new Map(tensors);
    change(changed);
    writeFileSync(at(name), writeSafetensors(changed));
  }

  async function trained(out: string, ...args: string[]): Promise<Result> {
    const {code, stdout, stderr} = await train(...args, '--out', out, '--json');
    expect(code, stdout + stderr).to.equal(0);
    return parseAs<Result>('train', stdout);
  }

  before(() => {
    writeTree(at('data'), grainDataset());
    writeWeights('weights.safetensors');
  });

  async function refusal(...args: string[]): Promise<string> {
    const {code, stdout, stderr} = await train('--out', 'refused', ...args);
    expect(code, stdout + stderr).to.equal(2);
    expect(existsSync(at('refused'))).to.equal(false);
    // Nothing was looked at: the reading of many pictures takes minutes.
    expect(stderr).not.to.contain('pictures of');
    return stderr;
  }

  it('refuses weights that do not fit, with their names and shapes, before it looks at the pictures', async () => {
    writeWeights('renamed.safetensors', (all) => {
      all.set('stem.weight', all.get('conv_stem.weight')!);
      all.delete('conv_stem.weight');
    });
    const stem = tensors.get('conv_stem.weight')!;
    writeWeights('turned.safetensors', (all) => all.set('conv_stem.weight', {...stem, shape: [3, 16, 3, 3]}));
    writeFileSync(at('other.safetensors'), writeSafetensors(namedWeights(NETWORKS.efficientnet_lite0, 2)));
    expect(await refusal('--pretrained', 'renamed.safetensors')).to.match(
      /WEIGHTS_MISMATCH: renamed.safetensors .*conv_stem.weight \[16,3,3,3\] is missing; stem.weight \[16,3,3,3\] is not in/,
    );
    expect(await refusal('--pretrained', 'turned.safetensors')).to.contain('is [3,16,3,3], not [16,3,3,3]');
    expect(await refusal('--pretrained', 'other.safetensors')).to.contain('--arch efficientnet_lite0');
  });

  it('refuses what has no weights: other names, folders, networks without any', async () => {
    expect(await refusal('--pretrained', 'missing.pth')).to.contain('PATH_NOT_FOUND: missing.pth');
    expect(await refusal('--pretrained', 'resnet50.a1_in1k')).to.contain('WEIGHTS_NOT_FOUND');
    expect(await refusal('--pretrained', 'rice')).to.contain('has the network grain4');
    // Without a source: the usual weights, which are not here.
    expect(await refusal('--pretrained')).to.contain('WEIGHTS_NOT_FOUND: timm/mobilenetv3_small_100.lamb_in1k');
    const swallowed = await run('train', ...ARCH, '--pretrained', 'data');
    expect(swallowed.code).to.equal(2);
    expect(swallowed.stderr).to.contain('rice train data --pretrained default');
    const grain = await run('train', 'data', '--pretrained', 'weights.safetensors');
    expect(grain.stderr).to.contain('grain4 is none of them').and.to.contain('mobilenetv3_small');
  });

  it('refuses to freeze what was not learnt, or all there is', async () => {
    expect(await refusal('--freeze', '2')).to.contain('Add --pretrained');
    expect(await refusal('--freeze-statistics')).to.contain('Add --pretrained');
    expect(await refusal('--freeze', '15', '--pretrained', 'weights.safetensors')).to.contain('from 1 to 14');
    expect(await refusal('--lr', '0', '--head-lr', '1', '--pretrained', 'weights.safetensors')).to.contain('backbone');
    expect(await refusal('--freeze', '0', '--pretrained', 'weights.safetensors')).to.contain('expected a whole number');
    const frozen = ['--freeze', 'backbone', '--pretrained', 'weights.safetensors'];
    expect(await refusal('--layer-decay', '0.9', ...frozen)).to.contain('--layer-decay changes nothing');
    expect(await refusal('--freeze-statistics', ...frozen)).to.contain('--freeze-statistics changes nothing');
    expect(await refusal('--allow-non-commercial')).to.contain('--pretrained');
  });

  describe('with a frozen backbone', () => {
    const HEAD = ['--pretrained', 'weights.safetensors', '--freeze', 'backbone', '--batch-size', '16'];
    let result: Result;
    before(async () => {
      result = await trained('head', ...HEAD);
    });

    it('teaches the classifier alone, says so, and predicts with it', async () => {
      expect(result.epochs).to.equal(40);
      expect(result.parameters).to.equal(1_517_856 + 3 * 1024 + 3);
      // Even drawn features tell these three shapes apart.
      expect(result.test.accuracy).to.be.above(0.8);
      const record = JSON.parse(readFileSync(at('head', 'run.json'), 'utf8'));
      expect(record.configuration).to.deep.include({freeze: 'backbone', dropout: 0.2});
      expect(record.configuration.pretrained.source).to.equal('weights.safetensors');
      const {stdout, code} = await run('predict', 'data/slim/1.png', '--model', 'head', '--json');
      expect(code).to.equal(0);
      expect(JSON.parse(stdout).predictions[0]).to.include({label: 'slim'});
      const {stderr} = await train(...HEAD, '--epochs', '1', '--out', 'short');
      expect(stderr).to.contain('training 3,075 of 1,520,931 parameters');
    });

    it('leaves the weights of the others as they were', () => {
      const {graph} = decodeModel(readFileSync(at('head', 'model.onnx')));
      const squeezes = graph.initializer.filter(({name}) => name.includes('.se.'));
      // Batch normalization is folded into the other convolutions.
      expect(squeezes).to.have.length(9 * 4);
      for (const {name, rawData} of squeezes) {
        const {data} = tensors.get(name.replace('parameter.', ''))!;
        const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
        expect(Buffer.from(rawData!).equals(bytes), name).to.equal(true);
      }
    });

    it('ends with the same weights after it was killed while features are computed', async () => {
      const args = ['train', 'data', ...ARCH, ...HEAD, '--out', 'killed'];
      const {child, ended} = startRice(args, {cwd: folder(), env: env()});
      while (!existsSync(at('killed', 'artifact', 'features.onnx')) && child.exitCode === null) await setTimeout(5);
      child.kill('SIGKILL');
      await ended;
      // The process that trains ends when it hears nothing any more.
      let resumed = await run('train', '--resume', 'killed', '--json');
      while (resumed.stdout.includes('RUN_BUSY')) resumed = await run('train', '--resume', 'killed', '--json');
      expect(resumed.code, resumed.stdout).to.equal(0);
      expect(parseAs<Result>('train', resumed.stdout).weights).to.equal(result.weights);
    });

    it('goes on to more epochs', async () => {
      expect((await trained('begun', ...HEAD, '--epochs', '2')).epochs).to.equal(2);
      const {code, stdout, stderr} = await run('train', '--resume', 'begun', '--epochs', '5', '--json');
      expect(code, stderr).to.equal(0);
      expect(parseAs<Result>('train', stdout).epochs).to.equal(5);
    });

    it('is a source for others: by its folder, with the rows of the labels that they share', async () => {
      // One epoch at no learning rate: only what was taken over can tell the shapes apart.
      const again = await trained('again', ...HEAD.slice(2), '--pretrained', 'head', '--epochs', '1', '--lr', '1e-9');
      expect(again.test.accuracy).to.equal(result.test.accuracy);
      const {configuration} = JSON.parse(readFileSync(at('again', 'run.json'), 'utf8'));
      // Batch normalization is folded into its weights.
      expect(configuration.freezeStatistics).to.equal(true);
      expect(configuration.pretrained.source).to.equal(join('head', 'model.onnx'));
    });

    it('cannot be taught other labels in seconds, which is said', async () => {
      const {code, stderr} = await run('train', 'data', '--from', 'head');
      expect(code).to.equal(2);
      expect(stderr).to.contain('MODEL_NOT_TEACHABLE').and.to.contain('1024 features are more than the 512');
    });
  });

  it('trains the groups that are not frozen, and lists how in the runs', async () => {
    copyFileSync(at('weights.safetensors'), at('named.safetensors'));
    const args = ['--pretrained', 'named.safetensors', '--freeze', '13', '--freeze-statistics', '--epochs', '1'];
    const {stderr, code} = await train(...args, '--batch-size', '16', '--out', 'runs/tail');
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain('training 593,923 of 1,520,931 parameters');
    const {stdout} = await run('runs');
    expect(stdout.replaceAll(/\s+/g, ' ')).to.contain('pretrained named.safetensors, freeze 13, freeze-statistics');
    expect(readFileSync(at('runs', 'tail', 'report.html'), 'utf8')).to.contain('named.safetensors');
  });
});
