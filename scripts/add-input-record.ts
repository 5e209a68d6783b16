/**
 * Adds to a model file what its training pictures looked like (`training.inputs` of the metadata), as `rice train` does for
 * new models: of the shipped one, which was trained before that was measured. Nothing but the metadata changes, which is
 * checked. The pictures are those of the training part of the split that the model names.
 * Run: `npx tsx scripts/add-input-record.ts Rice_Image_Dataset [MODEL]`; for the shipped model it also writes the new
 * digest and size into the card and the record beside it.
 */
import {createHash} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatCount} from '../src/cli/format.ts';
import {cacheFolder} from '../src/dataset/cache-folder.ts';
import {hashDataset} from '../src/dataset/hash-dataset.ts';
import {readPicture} from '../src/dataset/read-file.ts';
import {scanDataset} from '../src/dataset/scan.ts';
import {splitDataset} from '../src/dataset/split.ts';
import {measureWindow, type WindowMeasurements} from '../src/image/measure-window.ts';
import {prepareImage} from '../src/image/prepare.ts';
import {METADATA_KEY} from '../src/model/metadata.ts';
import {readModelFile} from '../src/model/model-file.ts';
import {decodeModel, encodeModel} from '../src/onnx/model.ts';
import {summariseInputs} from '../src/training/input-record.ts';

const SHIPPED = 'models/rice.onnx';
const RECORDS = ['models/README.md', 'models/rice.training.json'];

const [folder, path = SHIPPED] = process.argv.slice(2);
const {metadata, bytes, sha256} = readModelFile(path);
if (!metadata) throw new Error(`${path} was not written by rice`);
const {dataset, hashes, digest} = await hashDataset(scanDataset(folder), {cacheDir: cacheFolder()});
const {training} = metadata;
if (digest !== training.dataset.digest)
  throw new Error(`${folder} has the digest ${digest}, the model was trained on ${training.dataset.digest}`);

const measured: WindowMeasurements[] = [];
const {train} = splitDataset(hashes, training.split.seed, training.split.fractions);
for (const i of train) {
  const picture = await readPicture(join(dataset.root, dataset.files[i].path));
  measured.push(measureWindow((await prepareImage(picture, metadata.input)).window));
}
const inputs = summariseInputs(measured);
console.log(JSON.stringify(inputs, null, 2));

const {graph} = decodeModel(bytes);
const changed = encodeModel(graph, {
  [METADATA_KEY]: JSON.stringify({...metadata, training: {...training, inputs}}),
});
const plain = (file: Uint8Array) => Buffer.from(encodeModel(decodeModel(file).graph));
if (!plain(changed).equals(plain(bytes))) throw new Error('the graph is not the same');
const before = Buffer.from(encodeModel(graph, {[METADATA_KEY]: JSON.stringify(metadata)}));
if (!before.equals(bytes)) throw new Error(`${path} holds more than can be written again`);
writeFileSync(path, changed);
const digestNow = createHash('sha256').update(changed).digest('hex');
console.log(`${path}: ${sha256} is now ${digestNow}, ${bytes.length} bytes are ${changed.length}`);
if (path === SHIPPED)
  for (const record of RECORDS) {
    const text = readFileSync(record, 'utf8')
      .replaceAll(sha256, digestNow)
      .replaceAll(`${formatCount(bytes.length)} bytes`, `${formatCount(changed.length)} bytes`)
      .replaceAll(`"bytes": ${bytes.length}`, `"bytes": ${changed.length}`);
    writeFileSync(record, text);
  }
