/** Model files, and the folder of a run, with any metadata. */
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {RiceMetadata} from '../../../src/model/metadata.ts';
import {modelFile, modelMetadata} from '../../model/models.ts';
import {writeRun} from '../../runs/written-runs.ts';

/** What a label or a name may be, and what must not come of it. */
export const HOSTILE =
  'a|b\n# head\n---\n<script>alert(1)</script> [x](http://evil.example) ![i](//evil.example/p.png) `c` **b** www.evil.example {{t}} $x$ &lt; \u202e\u0000\u0085\u2028 : - "q" \\| ```\n```js';

/** A run of 20 test pictures of which 18 are named rightly, and its model. */
export function writeModelOfRun(folder: string, change: (metadata: RiceMetadata) => void = () => {}): string {
  writeRun(folder, {
    root: '/somewhere/Grains of mine',
    validation: 0.95,
    right: Object.fromEntries(Array.from({length: 20}, (_, i) => [i, i >= 2])),
  });
  const metadata = modelMetadata();
  metadata.training.date = '2026-01-02T03:04:05.000Z';
  metadata.training.dataset = {
    digest: `${'a'.repeat(32)}.dir`,
    images: 1000,
    labels: {long: 500, round: 400, slim: 100},
  };
  metadata.accuracy = {validation: {images: 100, accuracy: 0.95}, test: {images: 20, accuracy: 0.9}};
  change(metadata);
  const model = join(folder, 'model.onnx');
  writeFileSync(model, modelFile(metadata));
  return model;
}

/** A model outside of any run. */
export function writeModelAlone(folder: string, change: (metadata: RiceMetadata) => void = () => {}): string {
  const metadata = modelMetadata();
  change(metadata);
  mkdirSync(folder, {recursive: true});
  const model = join(folder, 'alone.onnx');
  writeFileSync(model, modelFile(metadata));
  return model;
}
