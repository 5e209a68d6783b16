import {hash} from 'node:crypto';
import {encodeModel} from '../../src/onnx/model.ts';
import {sealModel} from '../../src/onnx/seal.ts';
import {WORKING_LENGTH} from '../../src/scanning/separation/network/cluster.ts';
import {DISTANCE_UNIT, OFFSET_UNIT} from '../../src/scanning/separation/network/fields.ts';
import {
  SEPARATION_KEY,
  SEPARATION_SCHEMA,
  type SeparationMetadata,
} from '../../src/scanning/separation/network/separation-metadata.ts';
import type {State} from '../../src/training/artifact/checkpoint.ts';
import {buildSeparationGraph} from '../../src/training/graphs/separation-graph.ts';
import {FIELD_STRIDE, FIELDS, SIZE_MULTIPLE} from '../../src/training/networks/separation.ts';
import type {Layout} from '../../src/training/parameters.ts';

/** The model file of the averaged weights. */
export function writeSeparationModel(
  layout: Layout,
  {averagedParameters, averagedStatistics}: State,
  training: Omit<SeparationMetadata['training'], 'parameters' | 'weights'>,
): Uint8Array {
  const weights = Buffer.concat(
    [averagedParameters, averagedStatistics].map(({buffer, byteOffset, byteLength}) =>
      Buffer.from(buffer, byteOffset, byteLength),
    ),
  );
  const metadata: SeparationMetadata = {
    schema: SEPARATION_SCHEMA,
    workingLength: WORKING_LENGTH,
    fields: [...FIELDS],
    stride: FIELD_STRIDE,
    multiple: SIZE_MULTIPLE,
    units: {offset: OFFSET_UNIT, distance: DISTANCE_UNIT},
    training: {...training, parameters: layout.parameterCount, weights: hash('sha256', weights)},
  };
  const graph = buildSeparationGraph(layout, averagedParameters, averagedStatistics);
  return sealModel(encodeModel(graph.toProto('separation'), {[SEPARATION_KEY]: JSON.stringify(metadata)}));
}
