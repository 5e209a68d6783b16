import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {parseMetadata} from '../../../model/metadata.ts';
import type {Delivery} from '../../../tracking/delivery.ts';
import type {ModelDescription, RunDescription, TrackerName} from '../../../tracking/event.ts';
import {type MetricNames, namedMetrics} from '../../../tracking/metric-names.ts';
import {RunTracking} from '../../../tracking/run-tracking.ts';
import type {ObservedEpoch, ObservedRun, TrainingObserver} from '../../../training/observer.ts';
import type {MeasuredTest} from '../../../training/run/measure-test-part.ts';
import {METRICS_FILE, RECORD_FILE} from '../../../training/run/run-folder.ts';
import type {TrainingResult} from '../../../training/train.ts';
import {describeRun} from './describe-run.ts';
import {trackPictures} from './pictures.ts';
import {summaryOf} from './summary.ts';
import {weightHistograms} from './weights.ts';

export interface TrackedOptions extends Pick<RunDescription, 'project' | 'register'> {
  trackers: readonly TrackerName[];
  metricNames: MetricNames;
  warn: (message: string) => void;
}

/** Tells the trackers of a run what happens in it. A run that goes on has its own trackers. */
export class TrackedTraining implements TrainingObserver {
  readonly name = 'the tracking of the run';
  /** What became of the run in its trackers, once it has ended. */
  deliveries: Delivery[] = [];
  #tracking: RunTracking | undefined;
  #run: ObservedRun | undefined;
  #epoch = 0;
  /** Lines that were shown before there was a run. */
  #early: string[] | undefined = [];

  readonly #options: TrackedOptions;

  constructor(options: TrackedOptions) {
    this.#options = options;
  }

  started(run: ObservedRun): void {
    const {trackers, metricNames, warn} = this.#options;
    this.#run = run;
    const shared = {run: resolve(run.folder), now: Date.now, env: process.env, warn};
    const isExtended = run.history.length < run.record.configuration.schedule.epochs;
    if (run.resumed) this.#tracking = RunTracking.resume(shared, isExtended);
    else if (trackers.length > 0) {
      const describe = () => describeRun(run.folder, run.record, this.#options);
      this.#tracking = RunTracking.begin({...shared, trackers, metricNames, describe});
    }
    for (const text of this.#early ?? []) this.#tracking?.tell({type: 'log', stream: 'stdout', text});
    this.#early = undefined;
    // Epochs of which the checkpoint knows, but of which nobody was left to hear.
    const known = this.#tracking?.epochs;
    for (const epoch of run.history) if (!known?.has(epoch.epoch)) this.#tellMetrics(epoch);
  }

  epoch(epoch: ObservedEpoch): void {
    if (this.#run && this.#tracking?.hasHistograms)
      for (const histogram of weightHistograms(this.#run.folder))
        this.#tracking.tell({type: 'histogram', step: epoch.epoch, ...histogram});
    this.#tellMetrics(epoch);
  }

  async finished(result: TrainingResult, test: MeasuredTest | undefined): Promise<void> {
    const tracking = this.#tracking;
    if (!tracking || !this.#run) return;
    const step = this.#epoch;
    if (test) await trackPictures(tracking, this.#run.record.dataset.root, test.evaluation, step);
    tracking.tell({type: 'summary', step, values: summaryOf(result, test?.evaluation)});
    tracking.tell({type: 'model', model: describeModel(result)});
    this.deliveries = await tracking.finish('finished');
  }

  async failed(error: Error): Promise<void> {
    const stopped = (error as {code?: string}).code === 'TRAINING_INTERRUPTED';
    this.deliveries = (await this.#tracking?.finish(stopped ? 'killed' : 'failed')) ?? [];
    for (const {tracker, state, reason} of this.deliveries)
      if (state === 'kept')
        this.#options.warn(`${tracker}: not everything is sent (${reason}); rice runs sync sends it`);
  }

  /** A line that was shown on the console. */
  line(text: string): void {
    this.#early?.push(text);
    this.#tracking?.tell({type: 'log', stream: 'stdout', text});
  }

  #tellMetrics(epoch: ObservedEpoch): void {
    const tracking = this.#tracking;
    if (!tracking || !this.#run) return;
    this.#epoch = epoch.epoch;
    const labels = Object.keys(this.#run.record.dataset.labels).length;
    tracking.tell({type: 'metrics', step: epoch.epoch, values: namedMetrics(epoch, tracking.metricNames, labels)});
  }
}

function describeModel({run, model}: TrainingResult): ModelDescription {
  const bytes = readFileSync(model);
  const {metadata} = parseMetadata(bytes, model)!;
  const {name, version, labels, input, accuracy} = metadata;
  return {
    path: resolve(model),
    beside: [RECORD_FILE, METRICS_FILE].map((file) => resolve(run, file)),
    name,
    version,
    labels,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    input: {width: input.width, height: input.height},
    accuracy: (accuracy?.test ?? accuracy?.validation)?.accuracy ?? 0,
  };
}
