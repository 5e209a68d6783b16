import {join} from 'node:path';
import {withDigest} from '../../common/digested.ts';
import {RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {type Progress, readProgress, writeProgress} from '../artifact/checkpoint.ts';
import {lockFolder} from '../artifact/lock.ts';
import {MANIFEST_FILE, type Manifest, readManifest} from '../artifact/manifest.ts';
import {checkConfiguration, type TrainingConfiguration} from '../configuration.ts';
import type {TrainingLimits} from '../limits.ts';
import {ARTIFACT_FOLDER, type RunRecord, writeRunRecord} from './run-folder.ts';

/** What a resumed run may have otherwise than it began: how long it goes on. */
export interface Extension extends TrainingLimits {
  /** Epochs in all. */
  epochs?: number;
}

/**
 * Gives a run another end. What is done stays as it is; from here on, learning rate and augmentation are those that a run of
 * so many epochs has at this point. Without a change, a resumed run stays bit for bit what it would have been.
 *
 * @returns the record, which says when the run was extended
 * @throws RiceError OUT_OF_RANGE if more is done already, RUN_BUSY if the run is training
 */
export function extendRun(run: string, record: RunRecord, extension: Extension): RunRecord {
  const artifact = join(run, ARTIFACT_FOLDER);
  if (Object.keys(extension).length === 0) return record;
  const release = lockFolder(artifact);
  try {
    const manifest = readManifest(artifact);
    const progress = readProgress(artifact);
    if (!progress) throw new RiceError('RUN_DAMAGED', `${artifact} has no checkpoint`);
    const changed = extended(manifest, progress, extension);
    const configuration = configurationOf(record, changed.manifest, extension);
    checkConfiguration(configuration);
    // In this order, a crash in between leaves a run that can be resumed and extended again.
    writeProgress(artifact, changed.progress);
    writeAtomically(join(artifact, MANIFEST_FILE), `${JSON.stringify(withDigest(changed.manifest), null, 1)}\n`, {
      durable: true,
    });
    const step = {...extension, after: progress.history.length, date: new Date().toISOString()};
    const result = {...record, configuration, extensions: [...(record.extensions ?? []), step]};
    writeRunRecord(run, result);
    return result;
  } finally {
    release();
  }
}

function extended(
  manifest: Manifest,
  progress: Progress,
  {epochs = manifest.schedule.epochs, patience = manifest.limits?.patience, maxMinutes}: Extension,
): {manifest: Manifest; progress: Progress} {
  const done = progress.history.length + (progress.epoch.images > 0 ? 1 : 0);
  if (epochs < done) {
    throw new RiceError('OUT_OF_RANGE', `--epochs ${epochs}: the run has ${done} epochs already`, {
      suggestions: [`Give --epochs with more than ${done}, which counts those that are done.`],
    });
  }
  const {ended, planned, ...rest} = progress;
  const longer = epochs > manifest.schedule.epochs;
  // Whoever asks for more epochs of a run whose time is over does not want it to end at once.
  const limit = longer && ended === 'time' ? undefined : manifest.limits?.seconds;
  const seconds = maxMinutes === undefined ? limit : (progress.spent ?? 0) + maxMinutes * 60;
  const limits = {...(patience === undefined ? {} : {patience}), ...(seconds === undefined ? {} : {seconds})};
  const {limits: _, ...others} = manifest;
  return {
    manifest: {
      ...others,
      schedule: {...manifest.schedule, epochs},
      ...(Object.keys(limits).length > 0 ? {limits} : {}),
    },
    progress: {
      ...rest,
      finished: false,
      ...(longer ? {since: progress.history.length} : {}),
      // A plan was made for the time and the epochs that were.
      ...(planned !== undefined && !longer && maxMinutes === undefined ? {planned} : {}),
    },
  };
}

function configurationOf(
  {configuration}: RunRecord,
  {schedule}: Manifest,
  {patience, maxMinutes}: Extension,
): TrainingConfiguration {
  const limits: TrainingLimits = {
    ...configuration.limits,
    ...(patience === undefined ? {} : {patience}),
    ...(maxMinutes === undefined ? {} : {maxMinutes}),
  };
  const epochs = schedule.epochs;
  return {
    ...configuration,
    schedule: {...configuration.schedule, epochs},
    ...(Object.keys(limits).length > 0 ? {limits} : {}),
  };
}
