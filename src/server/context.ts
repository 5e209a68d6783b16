import type {FastifyBaseLogger} from 'fastify';
import type {Classifier} from '../model/classifier.ts';
import type {ModelMetadata} from '../model/metadata.ts';
import type {ModelOutputs} from '../model/outputs.ts';
import type {Trust} from '../model/trust.ts';
import type {Metrics} from './metrics/metrics.ts';
import type {ServerSettings} from './settings.ts';
import type {ByteBudget} from './uploads/byte-budget.ts';
import type {PredictionWatch} from './watch/prediction-watch.ts';
import type {ConcurrencyLimiter} from './work/concurrency-limiter.ts';
import type {ExplainQueue} from './work/explain-queue.ts';
import type {PictureQueue} from './work/picture-queue.ts';
import type {ScanQueue} from './work/scan-queue.ts';

/** Shared state of a server's routes. */
export interface ServerContext {
  settings: ServerSettings;
  model: Classifier['model'];
  metadata: ModelMetadata;
  outputs: ModelOutputs;
  /** When answers are accepted, unless a request says otherwise. */
  trust: Trust;
  queue: PictureQueue;
  /** Undefined where the server does not scan. */
  scans: ScanQueue | undefined;
  explanations: ExplainQueue;
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
  /** Whether a thread hangs, so that the process must be restarted. */
  stuck(): boolean;
  /** Set on shutdown: requests are still answered, and each answer is the last of its connection. */
  stopping: boolean;
  /** Set when there is no time for new work any more before the connections are cut. */
  closing: boolean;
}
