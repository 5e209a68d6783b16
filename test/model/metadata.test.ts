import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {METADATA_KEY, parseMetadata} from '../../src/model/metadata.ts';
import {readModelFile} from '../../src/model/model-file.ts';
import {useTemporaryFolder} from '../dataset/fixtures.ts';
import {modelFile, modelMetadata} from './models.ts';

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
    expect(parseMetadata(modelFile(), 'm.onnx')).to.deep.equal(modelMetadata());
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
