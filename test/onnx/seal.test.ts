import {expect} from 'chai';
import {encodeModel, readMetadata} from '../../src/onnx/model.ts';
import {isIntact, SEAL_KEY, sealModel} from '../../src/onnx/seal.ts';
import {modelFile} from '../model/models.ts';

describe('onnx: seal', () => {
  const plain = modelFile();

  it('is an entry of the metadata behind all else, which stays as it is', () => {
    const sealed = sealModel(plain);
    expect(Buffer.from(sealed.subarray(0, plain.length)).equals(Buffer.from(plain))).to.equal(true);
    const metadata = readMetadata(sealed)!;
    expect(Object.keys(metadata)).to.deep.equal(['rice', SEAL_KEY]);
    expect(metadata.rice).to.equal(readMetadata(plain)!.rice);
    expect(metadata[SEAL_KEY]).to.match(/^[0-9a-f]{64}$/);
  });

  it('fits what was sealed, wherever its entry stands', () => {
    const sealed = sealModel(plain);
    expect(isIntact(sealed)).to.equal(true);
    const entry = sealed.subarray(plain.length);
    expect(isIntact(Buffer.concat([entry, plain]))).to.equal(true);
    expect(isIntact(plain)).to.equal(undefined);
    expect(isIntact(new Uint8Array(0))).to.equal(undefined);
  });

  it('does not fit another file, nor one with something behind it', () => {
    const sealed = sealModel(plain);
    const other = encodeModel({name: 'g', node: [], initializer: [], input: [], output: []});
    expect(isIntact(Buffer.concat([other, sealed.subarray(plain.length)]))).to.equal(false);
    expect(isIntact(Buffer.concat([sealed, other]))).to.equal(false);
  });

  it('is replaced where there is one', () => {
    expect(Buffer.from(sealModel(sealModel(plain))).equals(Buffer.from(sealModel(plain)))).to.equal(true);
  });
});
