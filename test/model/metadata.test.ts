import {execFileSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {PREPARATION_VERSION} from '../../src/image/prepare.ts';
import {METADATA_KEY, parseMetadata} from '../../src/model/metadata.ts';
import {readModelFile} from '../../src/model/model-file.ts';
import {decodeModel, encodeModel} from '../../src/onnx/model.ts';
import type {GraphProto} from '../../src/onnx/schema.ts';
import {sealModel} from '../../src/onnx/seal.ts';
import {useTemporaryFolder} from '../dataset/fixtures.ts';
import {modelFile, modelMetadata} from './models.ts';

/** Pseudo-random numbers from 0 up to 1 (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function setBatch({type}: GraphProto['input'][number], pictures: number): void {
  type.tensorType.shape.dim![0] = {dimValue: pictures};
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof RiceError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

describe('model: metadata', () => {
  it('is read from a model file', () => {
    expect(parseMetadata(modelFile(), 'm.onnx')?.metadata).to.deep.equal(modelMetadata());
  });

  for (const [what, changes, reason] of [
    ['of another schema', {schema: 2}, 'its schema is 2, this version of rice reads 1'],
    ['without labels', {labels: undefined}, 'labels must be two or more different names'],
    ['with one label', {labels: ['a']}, 'labels must be two or more different names'],
    ['with equal labels', {labels: ['a', 'b', 'a']}, 'labels must be two or more different names'],
    ['with labels that are not strings', {labels: [1, 2]}, 'labels must be two or more different names'],
    ['without input', {input: undefined}, 'input.width and input.height must be whole numbers'],
    ['with a width of 0', {input: {width: 0, height: 5}}, 'input.width and input.height must be whole numbers'],
    [
      'with a fractional height',
      {input: {width: 9, height: 5.5}},
      'input.width and input.height must be whole numbers',
    ],
    ['with a width above the limit', {input: {width: 1e6, height: 5}}, 'input.width and input.height must be'],
    ['with an unknown preparation', {input: {width: 9, height: 5, resize: 'crop'}}, 'input.resize is crop, it must be'],
    ['without a threshold', {unknown: {}}, 'unknown.confidence must be a number'],
    ['with a threshold of null', {unknown: {confidence: 0.5, novelty: null}}, 'unknown.novelty must be a number'],
    ['with a threshold that is a text', {unknown: {confidence: 0.5, capture: '7'}}, 'unknown.capture must be a number'],
    ['with a limit that is a text', {unknown: {confidence: 0.5, captureLimit: '7'}}, 'unknown.captureLimit must be a'],
    [
      'with no confidence for the same camera',
      {unknown: {confidence: 0.5, sameCamera: {}}},
      'unknown.sameCamera.confidence must be a number',
    ],
    [
      'with a threshold for the same camera that is a text',
      {unknown: {confidence: 0.5, sameCamera: {confidence: 0.5, strangeness: '1'}}},
      'unknown.sameCamera.strangeness must be a number',
    ],
    [
      'with a threshold for the same camera for a missing output',
      {unknown: {confidence: 0.5, sameCamera: {confidence: 0.5, strangeness: 1}}},
      'unknown.sameCamera.strangeness needs an output strangeness',
    ],
    [
      'with a threshold for a missing output',
      {unknown: {confidence: 0.5, novelty: 7}},
      'unknown.novelty needs an output',
    ],
  ] as [string, object, string][]) {
    it(`rejects a document ${what}`, () => {
      const bytes = modelFile({...modelMetadata(), ...changes});
      expect(refusal(() => parseMetadata(bytes, 'm.onnx'))).to.include(
        `MODEL_METADATA: the metadata of m.onnx cannot be used: ${reason}`,
      );
    });
  }

  it('refuses a model whose pictures were prepared otherwise', () => {
    const input = {...modelMetadata().input, preparation: PREPARATION_VERSION - 1};
    expect(refusal(() => parseMetadata(modelFile({...modelMetadata(), input}), 'm.onnx'))).to.equal(
      `MODEL_METADATA: the metadata of m.onnx cannot be used: its pictures were prepared by version ${PREPARATION_VERSION - 1}, this version of rice prepares them by ${PREPARATION_VERSION}`,
    );
  });

  for (const [what, changes, reason] of [
    ['one label too few', {labels: ['a', 'b']}, 'it has 2 labels, but the graph gives 3 probabilities'],
    ['labels too many', {labels: [...'abcdef']}, 'it has 6 labels, but the graph gives 3 probabilities'],
    ['another width', {input: {...modelMetadata().input, width: 61}}, 'but the graph takes [N, 28, 60, 3]'],
    ['another height', {input: {...modelMetadata().input, height: 2}}, 'but the graph takes [N, 28, 60, 3]'],
  ] as [string, object, string][]) {
    it(`holds the document against the graph: ${what}`, () => {
      const message = refusal(() => parseMetadata(modelFile({...modelMetadata(), ...changes}), 'm.onnx'));
      expect(message)
        .to.match(/^MODEL_METADATA/)
        .and.include(reason);
    });
  }

  for (const [what, change, reason] of [
    ['a fixed batch', ({input}) => setBatch(input[0], 7), 'takes no more and no fewer than 7 pictures at once'],
    [
      'no input image',
      ({input}) => Object.assign(input[0], {name: 'x'}),
      'an input image, uint8 [N, height, width, 3]',
    ],
    ['no probabilities', ({output}) => output.splice(0), 'an output probabilities, float32 [N, labels]'],
  ] as [string, (graph: GraphProto) => void, string][]) {
    it(`refuses a graph with ${what}`, () => {
      const {graph} = decodeModel(modelFile());
      change(graph);
      const bytes = encodeModel(graph, {[METADATA_KEY]: JSON.stringify(modelMetadata())});
      expect(refusal(() => parseMetadata(bytes, 'm.onnx'))).to.include(reason);
    });
  }

  it('refuses a sealed file in which one bit is another, wherever it is', () => {
    const sound = sealModel(modelFile());
    expect(parseMetadata(sound, 'm.onnx')?.metadata).to.deep.equal(modelMetadata());
    const {graph} = decodeModel(sound);
    const random = numbers(1);
    const counts = {refused: 0, read: 0};
    for (let i = 0; i < 2000; i++) {
      const bytes = Uint8Array.from(sound);
      bytes[Math.floor(random() * bytes.length)] ^= 1 << Math.floor(random() * 8);
      if (refusal(() => parseMetadata(bytes, 'm.onnx')) !== 'accepted') counts.refused += 1;
      else {
        // Only the name of the entry with the digest was hit: all that answers come from is as it was.
        expect(decodeModel(bytes).graph).to.deep.equal(graph);
        expect(parseMetadata(bytes, 'm.onnx')?.metadata).to.deep.equal(modelMetadata());
        counts.read += 1;
      }
    }
    expect(counts.refused).to.be.above(1900);
  });

  it('names a damaged file, and says what to do where the change was meant', () => {
    const bytes = Uint8Array.from(sealModel(modelFile()));
    bytes[bytes.indexOf(0x0a, 200) + 20] ^= 1;
    expect(refusal(() => parseMetadata(bytes, 'm.onnx'))).to.match(
      /^MODEL_DAMAGED: m\.onnx was changed since it was written/,
    );
  });

  it('rejects a threshold that is not finite', () => {
    const unknown = '"unknown":{"confidence":0}';
    const text = JSON.stringify(modelMetadata());
    expect(text).to.include(unknown);
    for (const name of ['confidence', 'novelty', 'capture']) {
      const endless = text.replace(unknown, `"unknown":{"confidence":0,"${name}":1e999}`);
      const message = refusal(() => parseMetadata(modelFile({}, {[METADATA_KEY]: endless}), 'm.onnx'));
      expect(message).to.include(`unknown.${name} must be a number`);
    }
  });

  it('is undefined for an external model', () => {
    expect(parseMetadata(modelFile({}, {other: '{}'}), 'm.onnx')).to.equal(undefined);
  });

  it('rejects metadata that is not JSON or not an object', () => {
    for (const [text, reason] of [
      ['{"schema": 1', 'the metadata of m.onnx is not JSON'],
      ['', 'the metadata of m.onnx is not JSON'],
      ['null', 'it is not an object'],
      ['7', 'it is not an object'],
    ]) {
      const message = refusal(() => parseMetadata(modelFile({}, {[METADATA_KEY]: text}), 'm.onnx'));
      expect(message)
        .to.match(/^MODEL_METADATA/)
        .and.include(reason);
    }
  });

  it('rejects bytes that are not an ONNX model', () => {
    for (const bytes of [new Uint8Array(0), Buffer.from('hello'), modelFile().subarray(0, 900)])
      expect(refusal(() => parseMetadata(bytes, 'm.onnx'))).to.equal('MODEL_INVALID: m.onnx is not an ONNX model');
  });
});

describe('model: file', () => {
  const folder = useTemporaryFolder();

  it('is not waited for where it is a pipe, and not read where it has no end', function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [join(folder(), 'pipe')]);
    for (const path of [join(folder(), 'pipe'), '/dev/zero'])
      expect(refusal(() => readModelFile(path))).to.match(/^MODEL_INVALID: .* is neither a file nor a folder/);
  });

  it('is read with the SHA-256 of its bytes', () => {
    const path = join(folder(), 'model.onnx');
    writeFileSync(path, 'abc');
    expect(refusal(() => readModelFile(path))).to.match(/^MODEL_INVALID/);
    const bytes = modelFile();
    writeFileSync(path, bytes);
    const read = readModelFile(path);
    expect(read.sha256).to.match(/^[0-9a-f]{64}$/);
    expect(Buffer.from(read.bytes).equals(Buffer.from(bytes))).to.equal(true);
    writeFileSync(path, modelFile({...modelMetadata(), version: '9.9.9'}));
    expect(readModelFile(path).sha256).not.to.equal(read.sha256);
  });

  it('must exist and not be a folder', () => {
    mkdirSync(join(folder(), 'a'));
    expect(refusal(() => readModelFile(join(folder(), 'none')))).to.match(/^MODEL_NOT_FOUND.*does not exist/);
    expect(refusal(() => readModelFile(join(folder(), 'a')))).to.match(/^MODEL_NOT_FOUND.*is a folder/);
    writeFileSync(join(folder(), 'file'), '');
    expect(refusal(() => readModelFile(join(folder(), 'file', 'under')))).to.match(/^MODEL_NOT_FOUND/);
  });
});
