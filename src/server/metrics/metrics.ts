import {Counter, collectDefaultMetrics, Gauge, Histogram, Registry} from 'prom-client';
import {REASONS} from '../../model/rejection.ts';
import type {Trust} from '../../model/trust.ts';
import {REJECTION_REASONS} from '../rejected-request.ts';
import type {InputDrift} from '../watch/input-drift.ts';

/** Buckets for the duration of HTTP requests, in seconds. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const INFERENCE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** Buckets for the duration of scans, in seconds. */
const SCAN_BUCKETS = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 30];
const GRAIN_BUCKETS = [1, 10, 30, 100, 200, 300, 500, 1000, 2000];
const CONFIDENCE_BUCKETS = [0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1];

/** The metrics of one server; each has its own registry, so that two servers in a process do not mix. */
export type Metrics = ReturnType<typeof createMetrics>;

export interface MetricsSources {
  model: {version: string; sha256: string; labels: readonly string[]};
  /** Unless a request says otherwise. */
  trust: Trust;
  queueDepth(): number;
  scanQueueDepth(): number;
  ready(): boolean;
  drift: InputDrift;
}

export function createMetrics({model, trust, queueDepth, scanQueueDepth, ready, drift}: MetricsSources) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({register: registry});
  const metrics = {
    registry,
    requests: new Counter({
      name: 'rice_http_requests_total',
      help: 'HTTP requests answered',
      labelNames: ['route', 'method', 'code'],
      registers,
    }),
    requestSeconds: new Histogram({
      name: 'rice_http_request_duration_seconds',
      help: 'Time from the headers of a request to the end of its answer',
      labelNames: ['route'],
      buckets: REQUEST_BUCKETS,
      registers,
    }),
    inProgress: new Gauge({
      name: 'rice_requests_in_progress',
      help: 'HTTP requests in progress',
      registers,
    }),
    inferenceSeconds: new Histogram({
      name: 'rice_inference_duration_seconds',
      help: 'Time of a batch in a worker thread: decoding, preparation and inference',
      buckets: INFERENCE_BUCKETS,
      registers,
    }),
    batchSize: new Histogram({
      name: 'rice_batch_size',
      help: 'Pictures per batch',
      buckets: [1, 2, 4, 8, 16, 32],
      registers,
    }),
    queueSeconds: new Histogram({
      name: 'rice_queue_wait_seconds',
      help: 'Time that the first picture of a batch waited for a thread',
      buckets: INFERENCE_BUCKETS,
      registers,
    }),
    rejected: new Counter({
      name: 'rice_rejected_total',
      help: 'Requests rejected',
      labelNames: ['reason'],
      registers,
    }),
    predictions: new Counter({
      name: 'rice_predictions_total',
      help: 'Pictures by the most probable variety, unknown ones included',
      labelNames: ['label'],
      registers,
    }),
    confidence: new Histogram({
      name: 'rice_prediction_confidence',
      help: 'Probability of the most probable variety',
      buckets: CONFIDENCE_BUCKETS,
      registers,
    }),
    unknown: new Counter({
      name: 'rice_unknown_total',
      help: 'Pictures that probably show none of the varieties',
      labelNames: ['reason'],
      registers,
    }),
    unusable: new Counter({
      name: 'rice_unusable_images_total',
      help: 'Pictures that could not be read',
      labelNames: ['code'],
      registers,
    }),
    scans: new Counter({
      name: 'rice_scans_total',
      help: 'Pictures of many grains that a thread has scanned or given up',
      labelNames: ['outcome'],
      registers,
    }),
    scanSeconds: new Histogram({
      name: 'rice_scan_duration_seconds',
      help: 'Time of a scan in a worker thread',
      buckets: SCAN_BUCKETS,
      registers,
    }),
    scanWaitSeconds: new Histogram({
      name: 'rice_scan_queue_wait_seconds',
      help: 'Time that a scan waited for a thread',
      buckets: SCAN_BUCKETS,
      registers,
    }),
    scannedGrains: new Histogram({
      name: 'rice_scan_grains',
      help: 'Grains per scanned picture',
      buckets: GRAIN_BUCKETS,
      registers,
    }),
    restarts: new Counter({
      name: 'rice_worker_restarts_total',
      help: 'Restarts of the worker threads',
      registers,
    }),
  };
  new Gauge({
    name: 'rice_queue_depth',
    help: 'Pictures waiting for a worker thread',
    registers,
    collect() {
      this.set(queueDepth());
    },
  });
  new Gauge({
    name: 'rice_scan_queue_depth',
    help: 'Scans waiting for a thread',
    registers,
    collect() {
      this.set(scanQueueDepth());
    },
  });
  new Gauge({
    name: 'rice_ready',
    help: '1 if the server accepts requests, otherwise 0',
    registers,
    collect() {
      this.set(ready() ? 1 : 0);
    },
  });
  new Gauge({
    name: 'rice_model_info',
    help: 'The loaded model, and when its answers are accepted',
    labelNames: ['version', 'sha256', 'trust'],
    registers,
  }).set({version: model.version, sha256: model.sha256, trust}, 1);
  addDrift(registry, drift);
  // Initialized with 0, so that rates can be computed from the first event on.
  for (const label of model.labels) metrics.predictions.inc({label}, 0);
  for (const outcome of ['answered', 'failed']) metrics.scans.inc({outcome}, 0);
  for (const reason of REASONS) metrics.unknown.inc({reason}, 0);
  for (const reason of REJECTION_REASONS) metrics.rejected.inc({reason}, 0);
  return metrics;
}

/** Statistics of recent pictures and their drift from the training pictures. */
function addDrift(registry: Registry, drift: InputDrift): void {
  const registers = [registry];
  new Gauge({
    name: 'rice_input_mean',
    help: 'Mean over recent pictures: brightness of the grain (0 to 255), share of the window that it covers (0 to 1)',
    labelNames: ['statistic'],
    registers,
    collect() {
      for (const {statistic, mean} of drift.recent()) this.set({statistic}, mean);
    },
  });
  new Gauge({
    name: 'rice_input_training_mean',
    help: 'The same over the training pictures',
    labelNames: ['statistic'],
    registers,
    collect() {
      for (const {statistic, mean} of drift.training()) this.set({statistic}, mean);
    },
  });
  new Gauge({
    name: 'rice_input_drift',
    help: 'Population stability index of recent pictures against the training pictures: above 0.25, they differ much',
    labelNames: ['statistic'],
    registers,
    collect() {
      for (const {statistic, index} of drift.indices()) this.set({statistic}, index);
    },
  });
}
