import {hash} from 'node:crypto';
import {encodeModel} from '../../src/onnx/model.ts';
import {sealModel} from '../../src/onnx/seal.ts';
import {
  FOREGROUND_KEY,
  FOREGROUND_SCHEMA,
  type ForegroundMetadata,
} from '../../src/scanning/foreground/network/foreground-metadata.ts';
import type {State} from '../../src/training/artifact/checkpoint.ts';
import {buildPixelGraph} from '../../src/training/graphs/pixel-graph.ts';
import {FOREGROUND} from '../../src/training/networks/foreground.ts';
import type {Layout} from '../../src/training/parameters.ts';

/** The model file of the averaged weights. */
export function writeForegroundModel(
  layout: Layout,
  {averagedParameters, averagedStatistics}: State,
  training: Omit<ForegroundMetadata['training'], 'parameters' | 'weights'>,
): Uint8Array {
  const weights = Buffer.concat(
    [averagedParameters, averagedStatistics].map(({buffer, byteOffset, byteLength}) =>
      Buffer.from(buffer, byteOffset, byteLength),
    ),
  );
  const metadata: ForegroundMetadata = {
    schema: FOREGROUND_SCHEMA,
    training: {...training, parameters: layout.parameterCount, weights: hash('sha256', weights)},
  };
  const graph = buildPixelGraph(FOREGROUND, layout, averagedParameters, averagedStatistics, 'logits');
  return sealModel(encodeModel(graph.toProto('foreground'), {[FOREGROUND_KEY]: JSON.stringify(metadata)}));
}
