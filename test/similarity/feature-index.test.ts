import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {withDigest} from '../../src/common/digested.ts';
import {FeatureIndex, HEADER_FILE, INDEX_FORMAT, VECTORS_FILE} from '../../src/similarity/feature-index.ts';
import {joined, quantize} from '../../src/similarity/quantize.ts';
import {temporaryFolder} from '../cli/rice.ts';
import {randomValues} from '../helpers/run-graph.ts';

const FEATURES = 24;
const COUNT = 3000;

describe('similarity: an index of features', () => {
  const folder = temporaryFolder();
  const vectors = Array.from({length: COUNT}, (_, i) => Float32Array.from(randomValues(FEATURES, i + 1, 0, 1)));

  before(() => writeIndex(folder(), vectors));

  it('finds the nearest by cosine, as a plain search in double precision does', () => {
    const index = FeatureIndex.open(folder(), 'model', 'key')!;
    expect(index.count).to.equal(COUNT);
    for (let seed = 0; seed < 20; seed++) {
      const query = Float32Array.from(randomValues(FEATURES, 90_000 + seed, 0, 1));
      const expected = vectors
        .map((vector, i) => ({index: i, similarity: cosine(vector, query)}))
        .sort((a, b) => b.similarity - a.similarity)
        .slice(0, 7);
      const found = index.nearest(query, 7);
      expect(found.map((each) => each.index)).to.deep.equal(expected.map((each) => each.index));
      found.forEach(({similarity}, i) => {
        expect(similarity).to.be.closeTo(expected[i].similarity, 1e-4);
      });
    }
    index.close();
  });

  it('finds a vector itself, however long it is, and nothing near a vector without length', () => {
    const index = FeatureIndex.open(folder(), 'model', 'key')!;
    const [first] = index.nearest(
      vectors[1234].map((value) => value * 1000),
      1,
    );
    expect(first.index).to.equal(1234);
    expect(first.similarity).to.be.closeTo(1, 1e-6);
    expect(index.nearest(new Float32Array(FEATURES), 3)).to.deep.equal([]);
    expect(index.nearest(vectors[0], COUNT * 2)).to.have.length(COUNT);
    expect(() => index.nearest(new Float32Array(3), 1)).to.throw(RangeError);
    index.close();
  });

  it('is none where model or pictures are others, or a byte was changed', () => {
    expect(FeatureIndex.open(folder(), 'another model', 'key')).to.equal(undefined);
    expect(FeatureIndex.open(folder(), 'model', 'other pictures')).to.equal(undefined);
    for (const name of [VECTORS_FILE, HEADER_FILE]) {
      const path = join(folder(), name);
      const bytes = readFileSync(path);
      const changed = Buffer.from(bytes);
      changed[Math.floor(changed.length / 2)] ^= 1;
      writeFileSync(path, changed);
      expect(FeatureIndex.open(folder(), 'model', 'key'), name).to.equal(undefined);
      writeFileSync(path, bytes.subarray(0, bytes.length - 5));
      expect(FeatureIndex.open(folder(), 'model', 'key'), name).to.equal(undefined);
      writeFileSync(path, bytes);
    }
    expect(FeatureIndex.open(join(folder(), 'nowhere'), 'model', 'key')).to.equal(undefined);
  });

  it('keeps sixteen bits of each number', () => {
    const vector = Float32Array.of(0.3, -0.2, 0, 1e-3, 0.9);
    const [high, low] = [new Int8Array(5), new Uint8Array(5)];
    const scale = quantize(vector, high, low);
    const length = Math.hypot(...vector);
    vector.forEach((value, i) => {
      expect(joined(high[i], low[i]) * scale).to.be.closeTo(value / length, 2e-5 / length);
    });
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  const product = a.reduce((sum, value, i) => sum + value * b[i], 0);
  return product / Math.hypot(...a) / Math.hypot(...b);
}

/** As `buildIndex` writes it. */
function writeIndex(folder: string, vectors: readonly Float32Array[]): void {
  const high = new Int8Array(vectors.length * FEATURES);
  const low = new Uint8Array(vectors.length * FEATURES);
  const scales = Buffer.alloc(vectors.length * 4);
  vectors.forEach((vector, i) => {
    const [from, to] = [i * FEATURES, (i + 1) * FEATURES];
    scales.writeFloatLE(quantize(vector, high.subarray(from, to), low.subarray(from, to)), i * 4);
  });
  const bytes = Buffer.concat([new Uint8Array(high.buffer), scales, low]);
  writeFileSync(join(folder, VECTORS_FILE), bytes);
  const header = {
    format: INDEX_FORMAT,
    model: 'model',
    key: 'key',
    root: 'pictures',
    features: FEATURES,
    labels: ['a', 'b'],
    paths: vectors.map((_, i) => `a/${i}.jpg`),
    labelOf: vectors.map((_, i) => i % 2),
    positions: vectors.map((_, i) => i),
    vectorsSha256: createHash('sha256').update(bytes).digest('hex'),
  };
  writeFileSync(join(folder, HEADER_FILE), JSON.stringify(withDigest(header)));
}
