/**
 * The effect of the JPEG decoder: classifies every `--every`th picture of a dataset with libjpeg-turbo and with our own decoder, and
 * compares the answers. `npx tsx bench/decoders.ts DATASET [--model FILE] [--every 10]`.
 */
import {join} from 'node:path';
import {parseArgs} from 'node:util';
import {scanDataset} from '../src/dataset/scan.ts';
import {Classifier} from '../src/model/classifier.ts';
import {compareDecoders} from '../test/helpers/compare-decoders.ts';

const {values, positionals} = parseArgs({
  options: {model: {type: 'string'}, every: {type: 'string', default: '10'}},
  allowPositionals: true,
});
const {root, files} = scanDataset(positionals[0] ?? '.', {minimumLabels: 1});
const paths = files.filter((_, i) => i % Number(values.every) === 0).map(({path}) => join(root, path));
const classifier = await Classifier.load({device: 'cpu', ...(values.model ? {model: values.model} : {})});
const {images, flips, worst, mean} = await compareDecoders(classifier, paths);
await classifier.release();

console.log(`${classifier.model.name} ${classifier.model.version}, sha256 ${classifier.model.sha256.slice(0, 12)}`);
console.log(`${images} pictures: ${flips.length} get another variety`);
console.log(`probabilities differ by ${mean.toFixed(5)} on average, by ${worst.toFixed(3)} at most`);
for (const path of flips) console.log(`  ${path}`);
