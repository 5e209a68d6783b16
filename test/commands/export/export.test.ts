import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect} from 'chai';
import {METADATA_KEY, type RiceMetadata} from '../../../src/model/metadata.ts';
import {Graph, NAMED_PREFIX} from '../../../src/onnx/graph.ts';
import {decodeModel, encodeModel, readMetadata} from '../../../src/onnx/model.ts';
import {isIntact} from '../../../src/onnx/seal.ts';
import {ELEMENT_TYPE} from '../../../src/onnx/tensor.ts';
import {readSafetensors} from '../../../src/pretrained/formats/safetensors.ts';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {modelFile, modelMetadata} from '../../model/models.ts';
import {grainDataset} from '../../training/grain-dataset.ts';

interface Exported {
  output: string;
  bytes: number;
  sha256: string;
  source: {path: string; bytes: number};
  compared: {images: number; drawn: boolean; agreement: number; largestDifference: number};
  tensors?: {count: number; elements: number};
  warnings: string[];
  quantization?: {
    weightBits: number;
    layers: number;
    float32Layers: number;
    calibrationImages: number;
    validationImages: number;
    before: {accuracy: number};
    after: {accuracy: number};
  };
}

interface Failure {
  error: {code: string; message: string; suggestions: string[]};
}

interface Predictions {
  model: {sha256: string};
  predictions: {label: string; confidence: number}[];
}

/**
 * A model that tells long grains from slim ones by how light their pictures are, which one channel says.
 *
 * @param beside what another channel always says
 * @param gain by which the second convolution makes both larger
 * @param deeper whether two convolutions follow whose eight channels all say how light it is; the second leaves out the other one
 */
function lightModel(name: string, {beside = 0, gain = 1, deeper = false}): Uint8Array {
  const metadata = {...modelMetadata(), name, labels: ['long', 'slim']};
  const {width, height} = metadata.input;
  const graph = new Graph();
  const image = graph.input('image', 'uint8', ['N', height, width, 3]);
  const channelsFirst = graph.node('Transpose', [image], {perm: [0, 3, 1, 2]});
  const levels = graph.node('Cast', [channelsFirst], {to: ELEMENT_TYPE.float32});
  const weights = graph.constant(Float32Array.of(0, 0, 0, 1e-5, 1e-5, 1e-5), [2, 3, 1, 1]);
  const first = graph.node('Conv', [levels, weights, graph.constant(Float32Array.of(beside, 0))]);
  const larger = graph.constant(Float32Array.of(deeper ? 0 : gain, 0, 0, gain), [2, 2, 1, 1]);
  let last = graph.node('Conv', [graph.node('Relu', [first]), larger]);
  const channels = deeper ? 8 : 2;
  if (deeper) {
    const spread = Float32Array.from({length: 16}, (_, i) => i % 2);
    const mean = new Float32Array(64).fill(1 / 8);
    last = graph.node('Conv', [last, graph.constant(spread, [8, 2, 1, 1])]);
    last = graph.node('Conv', [last, graph.constant(mean, [8, 8, 1, 1])]);
  }
  const pooled = graph.node('GlobalAveragePool', [last]);
  const features = graph.node('Reshape', [pooled, graph.integers(0, channels)]);
  // Long grains have at least 0.0031 of light, slim ones at most 0.0022.
  const [slope, middle] = [deeper ? 2e4 : 3e3, 2.66e-3];
  const row = [slope / gain, -slope / gain];
  const rows = deeper ? Array.from({length: 8}, () => row.map((each) => each / 8)) : [[0, 0], row];
  const head = graph.constant(Float32Array.from(rows.flat()), [channels, 2]);
  const bias = graph.constant(Float32Array.of(-slope * middle, slope * middle));
  graph.output('features', features);
  graph.output('probabilities', graph.node('Softmax', [graph.node('Gemm', [features, head, bias])], {axis: 1}));
  return encodeModel(graph.toProto(name), {[METADATA_KEY]: JSON.stringify(metadata)});
}

describe('rice export', () => {
  const folder = temporaryFolder();
  const env = () => ({RICE_CACHE_DIR: join(folder(), 'cache')});
  const run = (...args: string[]) => rice(args, {cwd: folder(), env: env()});
  const at = (...path: string[]) => join(folder(), ...path);
  const exported = async (...args: string[]) => {
    const {code, stdout, stderr} = await run('export', ...args, '--json');
    expect(code, stdout + stderr).to.equal(0);
    return parseAs<Exported>('export', stdout);
  };
  const failure = async (...args: string[]) => {
    const {code, stdout} = await run('export', ...args, '--json');
    expect(code, stdout).to.equal(2);
    return parseAs<Failure>('error', stdout).error;
  };
  const metadataOf = (file: string) => JSON.parse(readMetadata(readFileSync(at(file)))![METADATA_KEY]) as RiceMetadata;
  const predict = async (model: string) => {
    const {stdout} = await run('predict', 'data/long', 'data/round', 'data/slim', '--model', model, '--json');
    return parseAs<Predictions>('predict', stdout);
  };
  const write = (place: string, bytes: Uint8Array) => {
    mkdirSync(dirname(at(place)), {recursive: true});
    writeFileSync(at(place), bytes);
  };
  before(async () => {
    for (const [path, bytes] of Object.entries(grainDataset())) {
      write(join('data', path), bytes);
      if (!path.startsWith('round')) write(join('light', path), bytes);
    }
    const options = ['--arch', 'conv4', '--epochs', '5', '--out', 'runs/small', '--name', 'my/grains'];
    const {code, stderr} = await run('train', 'data', ...options, '--device', 'cpu', '--threads', '1');
    expect(code, stderr).to.equal(0);
  });

  it('writes the very model file as onnx, named after the model, and never over a file that is there', async () => {
    const result = await exported('small');
    expect(result).to.include({output: 'my-grains.onnx', format: 'onnx'});
    expect(readFileSync(at('my-grains.onnx')).equals(readFileSync(at('runs/small/model.onnx')))).to.equal(true);
    expect(result.compared).to.include({drawn: false, agreement: 1, largestDifference: 0});

    expect(await failure('small')).to.include({code: 'OUTPUT_EXISTS', message: 'my-grains.onnx already exists'});
    expect((await failure('small', '-o', 'nowhere/x.onnx')).code).to.equal('PATH_NOT_FOUND');
    expect((await failure('runs/small/model.onnx', '-o', 'runs/small/model.onnx', '--force')).code).to.equal('USAGE');
    await exported('small', '--force');
  });

  it('writes nearly the same model in float16, the same bytes each time', async () => {
    const {bytes, source, compared, sha256} = await exported('runs/small', '--format', 'onnx-fp16', '-o', 'half.onnx');
    expect(bytes).to.be.below(0.7 * source.bytes);
    expect(compared).to.include({drawn: false, agreement: 1});
    expect(compared.largestDifference).to.be.within(Number.MIN_VALUE, 5e-3);
    const file = readFileSync(at('half.onnx'));
    expect(isIntact(file)).to.equal(true);
    const types = new Set(decodeModel(file).graph.initializer.map(({dataType}) => dataType));
    expect(types.has(ELEMENT_TYPE.float16)).to.equal(true);

    const [before, after] = [await predict('small'), await predict('half.onnx')];
    expect(after.model.sha256).to.equal(sha256);
    expect(after.predictions.map(({label}) => label)).to.deep.equal(before.predictions.map(({label}) => label));
    after.predictions.forEach(({confidence}, i) => {
      expect(confidence).to.be.closeTo(before.predictions[i].confidence, 5e-3);
    });
    expect((await exported('runs/small', '--format', 'onnx-fp16', '-o', 'again.onnx')).sha256).to.equal(sha256);
  });

  it('writes a model of 8 bits that is as good, with its record and thresholds that fit', async () => {
    const eight = await exported('small', '--format', 'onnx-int8', '-o', 'int8.onnx');
    const {quantization, compared, bytes, source, warnings} = eight;
    expect(bytes).to.be.below(0.55 * source.bytes);
    expect(compared.agreement).to.equal(1);
    expect(quantization?.weightBits).to.be.oneOf([7, 8]);
    expect(quantization!.float32Layers).to.be.within(2, quantization!.layers - 1);
    expect(quantization!.calibrationImages).to.be.within(90, 100);
    expect(quantization!.validationImages).to.be.within(10, 15);
    expect(quantization!.after.accuracy).to.equal(quantization!.before.accuracy);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(
      /^only 1\d pictures were measured: a loss of less than \d\.\d points of accuracy would not be seen$/,
    );

    const metadata = metadataOf('int8.onnx');
    expect(metadata.export).to.deep.include({format: 'onnx-int8', compared, quantization});
    expect(metadata.accuracy).to.deep.equal({
      validation: {images: quantization!.validationImages, accuracy: quantization!.after.accuracy},
    });
    expect(metadata.unknown.confidence).to.be.within(0.4, 1);
    const {graph} = decodeModel(readFileSync(at('int8.onnx')));
    expect(graph.node.some(({opType}) => opType === 'QuantizeLinear')).to.equal(true);

    const [before, after] = [await predict('small'), await predict('int8.onnx')];
    const same = after.predictions.filter(({label}, i) => label === before.predictions[i].label).length;
    expect(same).to.be.at.least(118);
    expect((await failure('int8.onnx', '--format', 'onnx')).code).to.equal('EXPORT_IMPOSSIBLE');
    const {stdout} = await run('train', 'data', '--from', 'int8.onnx', '--json');
    expect(parseAs<Failure>('error', stdout).error.message).to.contain('it is an export, in the format onnx-int8');
  });

  it('compares on pictures of a folder, which a model file alone does not keep', async () => {
    write('bare.onnx', readFileSync(at('runs/small/model.onnx')));
    const drawn = await exported('bare.onnx', '--format', 'onnx-fp16', '-o', 'bare.fp16.onnx');
    expect(drawn.compared).to.include({drawn: true, images: 64});
    const missing = await failure('bare.onnx', '--format', 'onnx-int8');
    expect(missing.code).to.equal('EXPORT_IMPOSSIBLE');
    expect(missing.suggestions[0]).to.contain('--data DIR');

    const named = ['bare.onnx', '--format', 'onnx-int8', '-o', 'bare.int8.onnx', '--data', 'data'];
    const {compared, quantization, sha256} = await exported(...named);
    expect(compared.drawn).to.equal(false);
    const ofRun = await exported('small', '--format', 'onnx-int8', '-o', 'int8.onnx', '--force');
    expect({quantization, sha256}).to.deep.equal({quantization: ofRun.quantization, sha256: ofRun.sha256});
    expect((await failure('bare.onnx', '--format', 'onnx-int8', '--data', 'runs')).code).to.equal('DATASET_LAYOUT');
  });

  it('refuses 8 bits that make a model worse, with the figures, and leaves no file', async () => {
    // 255 levels for numbers up to 1000 leave nothing of those below 0.004.
    write('delicate.onnx', lightModel('delicate', {beside: 1000}));
    const refused = await failure('delicate.onnx', '--format', 'onnx-int8', '--data', 'light');
    expect(refused.code).to.equal('QUANTIZATION_REFUSED');
    expect(refused.message).to.match(
      /2 of 3 layers in float32, .* the accuracy falls from 100\.00% to \d\d\.\d\d% \(limit: 0\.05 points\)/,
    );
    expect(readdirSync(folder()).filter((name) => name.startsWith('delicate'))).to.deep.equal(['delicate.onnx']);
  });

  it('keeps the one layer in float32 that 8 bits would ruin, and the others in 8 bits', async () => {
    write('ruined.onnx', lightModel('ruined', {beside: 1000, deeper: true}));
    const named = ['ruined.onnx', '--format', 'onnx-int8', '--data', 'light'];
    const {quantization, compared} = await exported(...named);
    expect(quantization).to.include({weightBits: 8, layers: 5, float32Layers: 3});
    expect(quantization!.after.accuracy).to.equal(quantization!.before.accuracy);
    expect(compared.agreement).to.equal(1);
    const weights = (type: number) =>
      decodeModel(readFileSync(at('ruined.int8.onnx')))
        .graph.initializer.filter(({dataType, dims}) => dataType === type && dims?.length === 4)
        .map(({dims}) => dims.slice(0, 2));
    expect(weights(ELEMENT_TYPE.float32)).to.deep.equal([
      [2, 3],
      [2, 2],
    ]);
    expect(weights(ELEMENT_TYPE.int8)).to.deep.equal([
      [8, 2],
      [8, 8],
    ]);
    const {stdout} = await run('export', ...named, '--force');
    expect(stdout).to.match(/weights {5}8 bits, 3 of 5 layers stay float32, values calibrated by \d+ pictures\n$/);
  });

  it('keeps float32 where numbers are too large for float16', async () => {
    write('large.onnx', lightModel('large', {gain: 1e9}));
    const {compared} = await exported('large.onnx', '--format', 'onnx-fp16', '--data', 'light');
    expect(compared).to.include({drawn: false, agreement: 1});
    expect(compared.largestDifference).to.be.below(0.01);
  });

  it('writes the weights of a run as PyTorch has them, with the statistics that a model file no longer has', async () => {
    const {output, tensors} = await exported('small', '--format', 'safetensors');
    expect(output).to.equal('my-grains.safetensors');
    const {tensors: written, metadata} = readSafetensors(readFileSync(at(output)), output);
    expect(tensors).to.deep.equal({
      count: 22,
      elements: [...written.values()].reduce((sum, {data}) => sum + data.length, 0),
    });
    expect(metadata.get('format')).to.equal('pt');
    expect(JSON.parse(metadata.get('rice')!)).to.include({name: 'my/grains', network: 'conv4'});

    // The model file has the same weights: dense ones the other way round, convolutions with their normalization in them.
    const {initializer} = decodeModel(readFileSync(at('runs/small/model.onnx'))).graph;
    const constant = (name: string) => {
      const {dims, rawData} = initializer.find((each) => each.name === `${NAMED_PREFIX}${name}`)!;
      return {dims, data: new Float32Array(Uint8Array.from(rawData).buffer)};
    };
    const dense = constant('classifier.weight');
    const [inputs, outputs] = dense.dims;
    const {shape, data} = written.get('classifier.weight')!;
    expect(shape).to.deep.equal([outputs, inputs]);
    for (let i = 0; i < inputs; i++)
      for (let o = 0; o < outputs; o++) expect(data[o * inputs + i]).to.equal(dense.data[i * outputs + o]);
    const [weight, scale, bias, mean, variance] = ['weight', 'scale', 'bias', 'mean', 'variance'].map(
      (name) => written.get(`conv2.${name}`)!.data,
    );
    const folded = {weight: constant('conv2.weight').data, bias: constant('conv2.bias').data};
    const perFilter = weight.length / scale.length;
    scale.forEach((each, filter) => {
      const gain = each / Math.sqrt(variance[filter] + 1e-5);
      expect(folded.bias[filter]).to.be.closeTo(bias[filter] - gain * mean[filter], 1e-4);
      expect(folded.weight[filter * perFilter]).to.be.closeTo(gain * weight[filter * perFilter], 1e-4);
    });

    const bare = await failure('bare.onnx', '--format', 'safetensors', '-o', 'bare.safetensors');
    expect(bare.code).to.equal('EXPORT_IMPOSSIBLE');
    expect(bare.message).to.contain('normalization is folded into the convolutions');
  });

  it('says it for people', async () => {
    const {stdout, code} = await run('export', 'small', '--format', 'onnx-int8', '-o', 'said.onnx');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^written {5}said\.onnx: \d+\.\d kB, \d+% of \d+\.\d kB\n/);
    expect(stdout).to.match(
      /answers {5}the same label for all \d+ pictures, probabilities (less than|at most) 0\.\d+ apart\n/,
    );
    expect(stdout).to.match(/weights {5}[78] bits, \d of \d layers stay float32, values calibrated by \d+ pictures\n$/);
  });

  it('refuses what rice did not write, and what is not there', async () => {
    const plain = modelFile(undefined, {});
    write('other.onnx', plain);
    expect(await failure('other.onnx')).to.include({code: 'EXPORT_IMPOSSIBLE'});
    expect((await failure('missing.onnx')).code).to.equal('MODEL_NOT_FOUND');
    expect((await failure('small', '--format', 'onnx-int4')).code).to.equal('USAGE');
  });
});
