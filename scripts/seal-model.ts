/**
 * Adds its own digest to a model file that was exported before models carried one (see src/onnx/seal.ts), and brings the
 * record and the card beside it up to date. Nothing else in the file changes: not a byte of graph, weights or metadata.
 * Run: `npx tsx scripts/seal-model.ts`
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {formatCount} from '../src/cli/format.ts';
import {readModelFile} from '../src/model/model-file.ts';
import {sealModel} from '../src/onnx/seal.ts';

const MODEL = 'models/rice.onnx';

const before = readModelFile(MODEL);
writeFileSync(MODEL, sealModel(before.bytes));
const after = readModelFile(MODEL);
for (const document of ['models/README.md', 'models/rice.training.json']) {
  const text = readFileSync(document, 'utf8')
    .replaceAll(before.sha256, after.sha256)
    .replaceAll(`${formatCount(before.bytes.length)} bytes`, `${formatCount(after.bytes.length)} bytes`)
    .replaceAll(`"bytes": ${before.bytes.length}`, `"bytes": ${after.bytes.length}`);
  writeFileSync(document, text);
}
process.stdout.write(`${MODEL}: ${before.sha256} is now ${after.sha256}\n`);
