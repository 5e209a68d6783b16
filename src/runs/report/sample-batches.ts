import {join} from 'node:path';
import {dataUri} from '../../common/report/data-uri.ts';
import type {EmbeddedPicture} from '../../evaluation/report/page-data.ts';
import {encodeJpeg} from '../../image/formats/jpeg/encode.ts';
import {readManifest} from '../../training/artifact/manifest.ts';
import {openImages} from '../../training/artifact/open-images.ts';
import {positionsOf} from '../../training/artifact/parts.ts';
import {BatchLoader} from '../../training/batches/loader.ts';
import {NO_LABEL} from '../../training/batches/no-label.ts';
import {stepsPerEpoch} from '../../training/batches/sampler.ts';
import {ARTIFACT_FOLDER} from '../../training/run/run-folder.ts';

/** Windows of one batch as the network sees them. */
export interface SampleBatch {
  /** Both from 1. */
  epoch: number;
  step: number;
  windows: {picture: EmbeddedPicture; label: string | undefined}[];
}

/** So many of a batch are shown. */
const SHOWN = 24;
const QUALITY = 90;

/**
 * The beginnings of the first batch of a run and of the last, made by the loader that makes them for the training: what
 * the network sees there, to the last pixel but for JPEG. A window without a label was turned into something that is
 * not a grain.
 *
 * @throws RiceError RUN_NOT_FOUND or RUN_DAMAGED where the run's pictures are gone
 */
export async function sampleBatches(run: string): Promise<SampleBatch[]> {
  const artifact = join(run, ARTIFACT_FOLDER);
  const manifest = readManifest(artifact);
  const cache = openImages(artifact);
  const train = Uint32Array.from(positionsOf(cache, manifest, 'train'));
  cache.close();
  const {input: size, seed, batchSize, augmentation, schedule, labels} = manifest;
  const {epochs} = schedule;
  const perEpoch = stepsPerEpoch(train.length, batchSize);
  const validation = new Uint32Array();
  const data = {artifact, size, seed, batchSize, augmentation, epochs, train, validation, noiseLengths: []};
  const loader = new BatchLoader(data, 1);
  try {
    const places = epochs * perEpoch > 1 ? [[0, 0] as const, [epochs - 1, perEpoch - 1] as const] : [[0, 0] as const];
    const batches: SampleBatch[] = [];
    for (const [epoch, step] of places) {
      for await (const {input: image, labels: truth} of loader.training(epoch, step, step + 1)) {
        const windows: SampleBatch['windows'] = [];
        const bytes = size.width * size.height * 3;
        for (let i = 0; i < Math.min(SHOWN, truth.length); i++) {
          const window = {...size, data: (image as Uint8Array).slice(i * bytes, (i + 1) * bytes)};
          const uri = dataUri('image/jpeg', await encodeJpeg(window, QUALITY));
          windows.push({picture: {uri, ...size}, label: truth[i] === NO_LABEL ? undefined : labels[truth[i]]});
        }
        batches.push({epoch: epoch + 1, step: step + 1, windows});
      }
    }
    return batches;
  } finally {
    await loader.close();
  }
}
