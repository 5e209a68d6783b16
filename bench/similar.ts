/**
 * How long the search for similar pictures takes in one thread: an index of 60,000 pictures with 104 random features each, as that of the
 * shipped model's training pictures would be.
 *
 *     npx tsx bench/similar.ts [PICTURES] [FEATURES]
 */
import {createHash} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, tmpdir} from 'node:os';
import {join} from 'node:path';
import {withDigest} from '../src/common/digested.ts';
import {FeatureIndex, HEADER_FILE, INDEX_FORMAT, VECTORS_FILE} from '../src/similarity/feature-index.ts';
import {quantize} from '../src/similarity/quantize.ts';

const [count = 60_000, features = 104] = process.argv.slice(2).map(Number);
const QUERIES = 200;

let state = 1;
const random = () => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return (state >>> 0) / 2 ** 32;
};
const vector = () => Float32Array.from({length: features}, random);

const folder = mkdtempSync(join(tmpdir(), 'rice-similar-'));
try {
  const high = new Int8Array(count * features);
  const low = new Uint8Array(count * features);
  const scales = Buffer.alloc(count * 4);
  for (let i = 0; i < count; i++) {
    const [from, to] = [i * features, (i + 1) * features];
    scales.writeFloatLE(quantize(vector(), high.subarray(from, to), low.subarray(from, to)), i * 4);
  }
  const bytes = Buffer.concat([new Uint8Array(high.buffer), scales, low]);
  writeFileSync(join(folder, VECTORS_FILE), bytes);
  const header = {
    ...{format: INDEX_FORMAT, model: 'm', key: 'k', root: '.', features, labels: ['a']},
    paths: Array.from({length: count}, (_, i) => `Label/Label (${i}).jpg`),
    labelOf: new Array<number>(count).fill(0),
    positions: Array.from({length: count}, (_, i) => i),
    vectorsSha256: createHash('sha256').update(bytes).digest('hex'),
  };
  writeFileSync(join(folder, HEADER_FILE), JSON.stringify(withDigest(header)));
  const opening = performance.now();
  const index = FeatureIndex.open(folder, 'm', 'k')!;
  const opened = performance.now() - opening;
  for (let i = 0; i < 20; i++) index.nearest(vector(), 5);
  const memory = process.memoryUsage().rss;
  const times: number[] = [];
  for (let i = 0; i < QUERIES; i++) {
    const query = vector();
    const start = process.cpuUsage();
    const wall = performance.now();
    index.nearest(query, 5);
    times.push(
      Math.min(performance.now() - wall, (process.cpuUsage(start).user + process.cpuUsage(start).system) / 1000),
    );
  }
  times.sort((a, b) => a - b);
  const megabytes = (value: number) => (value / 1e6).toFixed(1);
  console.log(`${cpus()[0].model}, ${count} pictures, ${features} features`);
  console.log(`files ${megabytes(bytes.length)} MB, opened in ${opened.toFixed(0)} ms`);
  console.log(
    `a query: median ${times[QUERIES / 2].toFixed(2)} ms, 95 % ${times[Math.floor(QUERIES * 0.95)].toFixed(2)} ms`,
  );
  console.log(`memory after ${QUERIES} queries: ${megabytes(process.memoryUsage().rss - memory)} MB more`);
  index.close();
} finally {
  rmSync(folder, {recursive: true, force: true});
}
