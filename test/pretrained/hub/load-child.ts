/** Loads weights in a separate process: `node load-child.ts ARCHITECTURE SOURCE`. Prints one line per message. */
import {loadWeights} from '../../../src/pretrained/load-weights.ts';

const [architecture, source] = process.argv.slice(2);
try {
  const {record} = await loadWeights(architecture, source, {
    onProgress: (done) => process.stdout.write(`progress ${done}\n`),
    onNote: (note) => process.stdout.write(`note ${note}\n`),
  });
  process.stdout.write(`ready ${record.sha256}\n`);
} catch (error) {
  const {code, message} = error as {code: string; message: string};
  process.stdout.write(`failed ${code} ${message}\n`);
}
