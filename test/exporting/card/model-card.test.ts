import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {wilsonInterval} from '../../../src/common/wilson-interval.ts';
import {limitsSection} from '../../../src/exporting/card/limits.ts';
import {modelCard, writeCard} from '../../../src/exporting/card/model-card.ts';
import {readMetadata} from '../../../src/onnx/model.ts';
import type {TaughtRecord} from '../../../src/training/teach/taught-record.ts';
import {HAS_MODEL, ROOT, rice, temporaryFolder} from '../../cli/rice.ts';
import {parseYaml} from '../../helpers/yaml.ts';
import {modelFile, modelMetadata} from '../../model/models.ts';
import {HOSTILE, writeModelAlone, writeModelOfRun} from './models.ts';

/** The YAML at the head of a card, and its sections by title. */
function partsOf(card: string) {
  const [, yaml, body] = /^---\n(.*?)\n---\n(.*)$/s.exec(card)!;
  const [introduction, ...sections] = body.split('\n## ');
  return {
    yaml: parseYaml(yaml),
    introduction,
    sections: new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')), section])),
  };
}

/** The cells of the row that begins with a cell. */
function rowOf(section: string | undefined, first: string): string[] | undefined {
  const rows = (section ?? '').split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return rows.find(([, cell]) => cell === first)?.slice(2, -1);
}

describe('model card', () => {
  const root = temporaryFolder();
  let next = 0;
  const place = () => join(root(), `model${next++}`);

  it('names the weights that the training began with, and their license', () => {
    const sha256 = 'e'.repeat(64);
    const model = writeModelAlone(place(), ({training}) => {
      training.configuration.pretrained = {source: 'timm/resnet18.a1_in1k', license: 'apache-2.0', sha256, bytes: 1};
    });
    const {sections} = partsOf(modelCard({model}));
    expect(rowOf(sections.get('Training'), 'began with')).to.deep.equal([
      `weights of timm/resnet18.a1\\_in1k, license apache-2.0, SHA-256 \`${sha256}\``,
    ]);
  });

  it('tells Hugging Face what the model is and what was measured', () => {
    const model = writeModelOfRun(place());
    const card = modelCard({model, license: 'MIT', datasets: ['me/grains'], baseModel: 'timm/mobilenet'});
    const {yaml} = partsOf(card);
    expect(yaml).to.deep.include({
      license: 'mit',
      library_name: 'onnx',
      pipeline_tag: 'image-classification',
      datasets: ['me/grains'],
      metrics: ['accuracy', 'f1'],
      base_model: 'timm/mobilenet',
    });
    const [{name, results}] = yaml['model-index'];
    expect(name).to.equal('tiny');
    const dataset = {type: 'me/grains', name: 'Grains of mine', revision: `${'a'.repeat(32)}.dir`};
    expect(results.map((result: {dataset: object}) => result.dataset)).to.deep.equal([
      {...dataset, split: 'test'},
      {...dataset, split: 'validation'},
    ]);
    // One of each label is taken for the other: both have a precision and a recall of 9 / 10.
    const [accuracy, f1] = results[0].metrics;
    expect([accuracy.type, accuracy.value, f1.type]).to.deep.equal(['accuracy', 0.9, 'f1']);
    expect(f1.value).to.be.closeTo(0.9, 1e-12);
    expect(results[1].metrics.map(({value}: {value: number}) => value)).to.deep.equal([0.95]);
  });

  it('names a license that the hub does not list as another one, and none where none is known', () => {
    const model = writeModelAlone(place());
    const {yaml} = partsOf(modelCard({model, license: 'Our own (2.0)'}));
    expect([yaml.license, yaml.license_name]).to.deep.equal(['other', 'our-own-2.0']);
    const bare = partsOf(modelCard({model}));
    expect(bare.yaml).not.to.have.any.keys('license', 'license_name', 'datasets', 'base_model');
    expect(bare.introduction).to.include('names no license');
  });

  it('says what the run recorded: accuracy with its interval, the matrix, data and settings', () => {
    const model = writeModelOfRun(place());
    const {sections} = partsOf(modelCard({model}));
    const results = sections.get('Results');
    const {low, high} = wilsonInterval(18, 20);
    const shown = [low, high].map((end) => `${(100 * end).toFixed(2)}%`).join(' to ');
    expect(rowOf(results, 'test')).to.deep.equal(['20', '90.000%', shown, 'nothing']);
    expect(rowOf(results, 'long')).to.deep.equal(['9', '1', '90.00%', '90.00%']);
    expect(results).to.include('2 of 20 were named wrongly');
    expect(rowOf(sections.get('Training data'), 'split')![0]).to.match(
      /^800 train, 100 validation, 100 test; by content/,
    );
    expect(rowOf(sections.get('Training data'), 'slim')).to.deep.equal(['100']);
    expect(rowOf(sections.get('Training'), 'device')).to.deep.equal(['cpu, a processor, 2 cores']);
    const file = sections.get('The file');
    const sha256 = createHash('sha256').update(readFileSync(model)).digest('hex');
    expect(rowOf(file, 'SHA-256')).to.deep.equal([`\`${sha256}\``]);
  });

  it('says of a model without its run only what its file says', () => {
    const folder = place();
    const model = join(folder, 'elsewhere.onnx');
    renameSync(writeModelOfRun(folder), model);
    const alone = partsOf(modelCard({model}));
    expect(alone.sections.get('Results')).not.to.include('true \\ predicted');
    expect(rowOf(alone.sections.get('Training data'), 'split')![0]).to.match(/^80% train, 10% validation, 10% test/);
    expect(modelCard({model, run: folder})).to.include('true \\ predicted');
  });

  it('says of a model that was made of another one how it was measured', () => {
    const folder = place();
    const model = writeModelOfRun(folder, (metadata) => {
      metadata.training.epochs = 0;
      metadata.accuracy = {validation: {images: 40, accuracy: 0.95}};
    });
    const {settings, name, date, format, versions, machine} = JSON.parse(
      readFileSync(join(folder, 'run.json'), 'utf8'),
    );
    const record: TaughtRecord = {
      ...{format, name, date, settings, versions, machine},
      kind: 'taught',
      from: {name: 'rice', version: '2.0.0', sha256: 'f'.repeat(64)},
      dataset: {root: '/x/mine', digest: 'd', images: 40, labels: {}, groups: 4, errors: []},
      teaching: {},
    };
    writeFileSync(join(folder, 'run.json'), JSON.stringify(record));
    // Wider than Wilson's for 40 pictures: they were cut from four photographs.
    const held = {images: 40, accuracy: 0.95, interval: {low: 0.7, high: 0.99, level: 0.95}};
    writeFileSync(join(folder, 'metrics.json'), JSON.stringify({held}));
    const {sections} = partsOf(modelCard({model}));
    expect(rowOf(sections.get('Results'), 'folds')!.slice(0, 3)).to.deep.equal(['40', '95.000%', '70.00% to 99.00%']);
    expect(rowOf(sections.get('Training'), 'made from')).to.deep.equal([`rice 2.0.0, SHA-256 \`${'f'.repeat(64)}\``]);
  });

  it('takes nothing of a run that is not that of the model', () => {
    const folder = place();
    const model = writeModelOfRun(folder, ({training}) => {
      training.date = '2026-05-05T00:00:00.000Z';
    });
    expect(modelCard({model})).not.to.include('true \\ predicted');
    expect(() => modelCard({model, run: folder}))
      .to.throw(/not the model of the run/)
      .with.property('code', 'USAGE');
  });

  it('says how a file was made of another one, and that the accuracy is that of the other', () => {
    const model = writeModelAlone(place(), (metadata) =>
      Object.assign(metadata, {
        export: {format: 'onnx-int8', compared: {drawn: false, largestDifference: 0.01}, steps: ['a', 'b']},
      }),
    );
    const {sections} = partsOf(modelCard({model}));
    const made = sections.get('How the file was made of another one');
    expect(rowOf(made, 'format')).to.deep.equal(['`onnx-int8`']);
    expect(rowOf(made, 'compared largest difference')).to.deep.equal(['`0.01`']);
    expect(rowOf(made, 'compared drawn')).to.deep.equal(['`false`']);
    expect(rowOf(made, 'steps 1')).to.deep.equal(['`b`']);
    expect(sections.get('Results')).to.include('Measured with the model that the file was made of');
    expect(modelCard({model: writeModelAlone(place())})).not.to.include('made of another one');
  });

  it('has inputs and outputs as the file has them', () => {
    const {sections} = partsOf(modelCard({model: writeModelAlone(place())}));
    const graph = sections.get('Inputs and outputs');
    expect(rowOf(graph, 'input')).to.deep.equal(['`image`', 'uint8', '`[N, 28, 60, 3]`', 'RGB, row by row']);
    expect(rowOf(graph, 'output')!.slice(0, 3)).to.deep.equal(['`probabilities`', 'float32', '`[N, 3]`']);
  });

  it('puts thresholds in words', () => {
    const limits = (unknown: object) =>
      limitsSection({metadata: {...modelMetadata(), unknown: {confidence: 0, ...unknown}}});
    expect(limits({})).to.include('no threshold, so every answer counts as known');
    const all = limits({
      confidence: 0.97,
      novelty: 1,
      capture: 1,
      captureLimit: 1.7936,
      sure: 0.99,
      sameCamera: {confidence: 0.9},
    });
    expect(all).to.include('- the confidence is below 97.00%\n').and.to.include('- `capture` is above 1.79');
    expect(all).to.include('`capture` above 1 asks for, up to 99.00%').and.to.include('--trust same-camera');
  });

  it('lets no label or name be more than text', () => {
    const folder = place();
    const model = writeModelOfRun(folder, (metadata) => {
      const labels = [HOSTILE, `${HOSTILE} 2`, 'slim'];
      Object.assign(metadata, {name: HOSTILE, version: HOSTILE, labels, export: {[HOSTILE]: HOSTILE}});
      const {training} = metadata;
      Object.assign(training, {network: HOSTILE, device: HOSTILE, onnxruntime: HOSTILE, weights: HOSTILE});
      Object.assign(training, {configuration: {from: HOSTILE, [HOSTILE]: [HOSTILE]}});
      training.dataset = {digest: HOSTILE, images: 3, labels: Object.fromEntries(labels.map((label) => [label, 1]))};
    });
    const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
    Object.assign(run.machine, {cpu: HOSTILE});
    Object.assign(run.versions, {rice: HOSTILE, node: HOSTILE});
    Object.assign(run.dataset, {root: `/x/${HOSTILE}`, record: {licence: HOSTILE, citation: HOSTILE}});
    writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
    const metrics = JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8'));
    metrics.test.confusion.labels = [HOSTILE, `${HOSTILE} 2`];
    writeFileSync(join(folder, 'metrics.json'), JSON.stringify(metrics));
    const publication = {license: HOSTILE, datasets: [HOSTILE], baseModel: HOSTILE};
    const card = modelCard({model, ...publication});
    const ordinary = writeModelOfRun(place(), (metadata) => Object.assign(metadata, {export: {format: 'x'}}));
    const plain = modelCard({model: ordinary, license: 'x'});

    const {yaml} = partsOf(card);
    expect([yaml.base_model, yaml.datasets]).to.deep.equal([HOSTILE, [HOSTILE]]);
    expect(yaml.license_name).to.match(/^[a-z\d.-]+$/);
    expect(yaml['model-index'][0].name).to.equal(HOSTILE);
    expect(Object.keys(yaml)).to.have.length(Object.keys(partsOf(plain).yaml).length + 2);

    // Outside of code nothing is left that could be markup, but for the card's own.
    const body = (text: string) => text.slice(text.indexOf('\n---\n') + 5);
    const markup = (text: string) =>
      body(text)
        .replace(/^(`{3,})\w*\n.*?^\1$/gms, 'CODE')
        .replace(/\\[!-/:-@[-`{-~]/g, '')
        .replace(/`[^`\n]*`/g, '`');
    const count = (text: string, what: RegExp) => markup(text).match(what)?.length ?? 0;
    for (const what of [/</g, /\]\(/g, /^#/gm, /CODE/g, /http/g, /\*\*/g, /^---/gm])
      expect(count(card, what), `${what}`).to.equal(
        count(plain, what) + (what.source === 'http' ? count(card, /http\/\//g) : 0),
      );
    for (const block of markup(card)

      .trim()
      .split('\n\n')
      .filter((each) => each.startsWith('|'))) {
      const widths = new Set(block.split('\n').map((line) => line.split('|').length));
      expect(widths.size, block).to.equal(1);
    }
    for (const character of ['\u202e', '\u0000', '\u0085', '\u2028']) expect(body(card)).not.to.include(character);
  });

  it('is written as a whole, over an earlier one', () => {
    const model = writeModelAlone(place());
    const path = join(root(), 'README.md');
    writeFileSync(path, 'earlier');
    writeCard(path, {model});
    expect(readFileSync(path, 'utf8')).to.equal(modelCard({model}));
  });

  it('needs a model with a record', () => {
    const path = join(root(), 'external.onnx');
    writeFileSync(path, modelFile(modelMetadata(), {}));
    expect(() => modelCard({model: path}))
      .to.throw(/no record of rice/)
      .with.property('code', 'MODEL_METADATA');
    const changes: ((metadata: Record<string, never> & ReturnType<typeof modelMetadata>) => void)[] = [
      (it) => Object.assign(it, {training: undefined}),
      (it) => Object.assign(it, {accuracy: {validation: {images: 1, accuracy: 7}}}),
      (it) => Object.assign(it.training, {dataset: {digest: 'd', images: 1, labels: null}}),
      (it) => Object.assign(it.training, {configuration: null}),
      (it) => Object.assign(it.training, {date: 7}),
    ];
    for (const change of changes) {
      const model = writeModelAlone(place(), change as never);
      expect(() => modelCard({model}), String(change)).to.throw(/does not say how it was trained/);
    }
    rmSync(path);
    expect(() => modelCard({model: path})).to.throw(/does not exist/);
  });

  it('has examples that work', async function () {
    if (!HAS_MODEL) this.skip();
    const model = join(ROOT, 'models', 'rice.onnx');
    const picture = join(ROOT, 'test', 'samples', 'basmati-1.jpg');
    const window = join(root(), 'grain.rgb');
    const [classify, prepare] = [...modelCard({model}).matchAll(/```js\n(.*?)\n```/gs)].map(([, script]) =>
      script
        .replaceAll('"rice.onnx"', JSON.stringify(model))
        .replaceAll("'grain.jpg'", JSON.stringify(picture))
        .replaceAll("'grain.rgb'", JSON.stringify(window)),
    );
    const run = (script: string) =>
      spawnSync(process.execPath, ['--input-type=module'], {input: script, cwd: ROOT, encoding: 'utf8'});
    const {stdout, stderr} = run(classify);
    const {predictions} = JSON.parse((await rice(['predict', picture, '--json'])).stdout);
    expect(stderr).to.equal('');
    expect(stdout).to.match(new RegExp(`^Basmati ${predictions[0].confidence.toFixed(4)}\\d* true\n$`));
    expect(run(prepare).stderr).to.equal('');
    const {input} = JSON.parse(readMetadata(readFileSync(model))!.rice);
    expect(readFileSync(window)).to.have.length(input.width * input.height * 3);
  });
});
