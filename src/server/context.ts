import type {FastifyBaseLogger} from 'fastify';
import type {Classifier} from '../model/classifier.ts';
import type {ModelMetadata} from '../model/metadata.ts';
import type {ModelOutputs} from '../model/outputs.ts';
import type {Metrics} from './metrics/metrics.ts';
import type {ServerSettings} from './settings.ts';
import type {ByteBudget} from './uploads/byte-budget.ts';
import type {PredictionWatch} from './watch/prediction-watch.ts';
import type {ConcurrencyLimiter} from './work/concurrency-limiter.ts';
import type {PictureQueue} from './work/picture-queue.ts';

/** What the routes of one server share. */
export interface ServerContext {
  settings: ServerSettings;
  model: Classifier['model'];
  metadata: ModelMetadata;
  outputs: ModelOutputs;
  queue: PictureQueue;
  limiter: ConcurrencyLimiter;
  budget: ByteBudget;
  metrics: Metrics;
  watch: PredictionWatch;
  log: FastifyBaseLogger;
  state: ServerState;
}

export interface ServerState {
  /** Whether the threads can answer. */
  ready(): boolean;
  /** Whether a thread does not come to an end any more: only another process helps. */
  stuck(): boolean;
  /** Set when the server was asked to end: what is under way is finished, nothing else is begun. */
  stopping: boolean;
}
