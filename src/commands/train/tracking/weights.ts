import {join} from 'node:path';
import type {HistogramData} from '../../../tracking/event.ts';
import {histogramOf} from '../../../tracking/histogram.ts';
import {readProgress, readState} from '../../../training/artifact/checkpoint.ts';
import {readManifest} from '../../../training/artifact/manifest.ts';
import {ARTIFACT_FOLDER} from '../../../training/run/run-folder.ts';

/** Larger networks would take the process that waits more than a moment for each epoch. */
const MOST_PARAMETERS = 4_000_000;

/**
 * Histograms of the averaged weights in the newest checkpoint, by their names in the network. None if the network is large,
 * or the training has written the next checkpoint meanwhile.
 */
export function weightHistograms(run: string): {name: string; histogram: HistogramData}[] {
  const artifact = join(run, ARTIFACT_FOLDER);
  try {
    const {layout, state} = readManifest(artifact);
    if (layout.parameterCount > MOST_PARAMETERS) return [];
    const {averagedParameters, parameters} = readState(artifact, readProgress(artifact)!.state, state);
    const weights = averagedParameters ?? parameters;
    return layout.parameters.map(({name, offset, length}) => ({
      name: `weights/${name}`,
      histogram: histogramOf(weights.subarray(offset, offset + length)),
    }));
  } catch {
    return [];
  }
}
