import {join} from 'node:path';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import type {PreparedCache} from '../../dataset/cache/prepared-cache.ts';
import type {Part} from '../../dataset/split.ts';
import {matchLabels} from '../../evaluation/match-labels.ts';
import type {GrainPatch} from '../../image/window/patch.ts';
import {windowFromPatch} from '../../image/window/window.ts';
import type {RiceMetadata} from '../../model/metadata.ts';
import {readManifest} from '../../training/artifact/manifest.ts';
import {openImages} from '../../training/artifact/open-images.ts';
import {positionsOf} from '../../training/artifact/parts.ts';
import {type AugmentationOptions, augmentInto} from '../../training/batches/augmentation.ts';
import {outlierInto} from '../../training/batches/outliers/outlier.ts';
import {DEFAULT_CONFIGURATION} from '../../training/configuration.ts';
import {Random} from '../../training/random.ts';
import {ARTIFACT_FOLDER} from '../../training/run/run-folder.ts';
import type {ExportEvents, ExportSource} from '../types.ts';
import {prepareFolder} from './prepare-folder.ts';
import type {ExportPictures, Windows} from './windows.ts';

/** Most pictures of each kind: more take longer and tell little more. */
const MOST = {calibration: 512, validation: 5000, others: 1000};
/** How often a picture is changed at most where there are few: of a handful, chance would decide. */
const VERSIONS = 5;

/**
 * Opens the pictures of a folder, or those that the run of the model keeps.
 *
 * @param data the folder, with a subfolder for each label
 * @returns undefined where neither is there
 * @throws RiceError NO_IMAGES, DATASET_LABELS, RUN_DAMAGED; as `scanDataset`; the signal's reason
 */
export async function openPictures(
  {file: {metadata}, run}: ExportSource,
  data: string | undefined,
  events: ExportEvents,
  signal: AbortSignal,
): Promise<ExportPictures | undefined> {
  if (data !== undefined) {
    const folder = await prepareFolder(data, metadata, MOST, {cacheDir: cacheFolder(), events, signal});
    return picturesIn(folder.cache, folder.positions, metadata);
  }
  if (run === undefined) return undefined;
  const artifact = join(run, ARTIFACT_FOLDER);
  const manifest = readManifest(artifact);
  const cache = openImages(artifact);
  return picturesIn(cache, (part) => positionsOf(cache, manifest, part), metadata);
}

function picturesIn(
  cache: PreparedCache,
  positionsOfPart: (part: Part) => readonly number[],
  {labels, input, training}: RiceMetadata,
): ExportPictures {
  const size = {width: input.width, height: input.height};
  const labelOf = matchLabels(cache.labels, labels);
  const windowsOf = (
    positions: readonly number[],
    draw: (patch: GrainPatch, index: number) => Uint8Array,
  ): Windows => ({
    size,
    count: positions.length,
    window: (index) => draw(cache.readPatch(positions[index]), index),
  });
  const plain = (patch: GrainPatch) => windowFromPatch(patch, size);
  const held = evenlySpaced(positionsOfPart('validation'), MOST.validation);
  const needed = Math.min(VERSIONS, Math.ceil(MOST.others / Math.max(1, held.length)));
  const versions = Array.from({length: needed}, () => held).flat();
  const others = evenlySpaced(versions, MOST.others);
  const drawn = (draw: (patch: GrainPatch, random: Random, window: Uint8Array) => void, purpose: string) =>
    windowsOf(others, (patch, index) => {
      const window = new Uint8Array(size.width * size.height * 3);
      draw(patch, new Random(training.seed, purpose, index), window);
      return window;
    });
  const changes = {...augmentationOf(training.configuration), untouched: 0, outliers: 0};
  return {
    calibration: windowsOf(evenlySpaced(positionsOfPart('train'), MOST.calibration), plain),
    validation: {...windowsOf(held, plain), labels: held.map((position) => labelOf[cache.label(position)])},
    changed: drawn((patch, random, window) => augmentInto(patch, size, changes, random, window, 0), 'changed'),
    unlike: drawn((patch, random, window) => outlierInto(patch, size, 1, random, window), 'unlike'),
    close: () => cache.close(),
  };
}

/** What the model was trained with; what its record does not say is as usual. */
function augmentationOf({augmentation}: Record<string, unknown>): AugmentationOptions {
  return {...DEFAULT_CONFIGURATION.augmentation, ...(augmentation as Partial<AugmentationOptions> | undefined)};
}

function evenlySpaced(positions: readonly number[], most: number): number[] {
  const step = Math.max(1, positions.length / most);
  return Array.from({length: Math.min(positions.length, most)}, (_, i) => positions[Math.floor(i * step)]);
}
