import type {AddressInfo} from 'node:net';
import type {FastifyBaseLogger, FastifyInstance} from 'fastify';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {DEFAULT_MAX_PIXELS, maxDecodingBytes} from '../image/limits.ts';
import {loadLazily} from '../model/lazy-classifier.ts';
import type {ModelMetadata} from '../model/metadata.ts';
import type {ModelOutputs} from '../model/outputs.ts';
import {DEFAULT_TRUST} from '../model/trust.ts';
import {ClassifierThreads} from '../prediction/classifier-threads.ts';
import {SCAN_BYTES_PER_PIXEL} from '../scanning/estimate-scan.ts';
import {ScanThreads} from '../scanning/scan-threads.ts';
import {createApp} from './app.ts';
import type {ServerContext, ServerState} from './context.ts';
import {HttpServers} from './http/http-servers.ts';
import {createLog, type LogFormat} from './log.ts';
import {openLogStream} from './log-stream.ts';
import {createMetrics, type Metrics} from './metrics/metrics.ts';
import type {ServerSettings} from './settings.ts';
import {ByteBudget} from './uploads/byte-budget.ts';
import {InputDrift} from './watch/input-drift.ts';
import {PredictionLog} from './watch/prediction-log.ts';
import {PredictionWatch} from './watch/prediction-watch.ts';
import {ConcurrencyLimiter} from './work/concurrency-limiter.ts';
import {ExplainQueue} from './work/explain-queue.ts';
import {PictureQueue} from './work/picture-queue.ts';
import {ScanQueue} from './work/scan-queue.ts';
import {warmUpImage} from './work/warm-up-image.ts';
import {WorkerSupervisor} from './work/worker-supervisor.ts';

/** Milliseconds for requests in progress to finish on shutdown. */
const DRAIN_TIMEOUT = 8000;
/** Milliseconds after which no new work is accepted, since it would be cut off. */
const LAST_WORK = 6000;
/** Seconds after which a batch counts as stuck; the largest picture takes a few seconds. */
const STUCK_AFTER = 60;
/** Memory for request bodies, in multiples of the largest body. */
const BODIES_IN_MEMORY = 4;

export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  url: string;
  model: {name: string; version: string; sha256: string; labels: string[]};
  /** Rejected if the server cannot continue because its threads are gone. Never fulfilled. */
  failed: Promise<never>;
  /** Answers what is under way and what still arrives, for up to 8 seconds, and ends the threads. */
  close(): Promise<void>;
}

/** Where the log goes. */
export interface LogOutput {
  /** A file descriptor. */
  file: number;
  format?: LogFormat | undefined;
}

/**
 * Starts the server: it listens at once; requests that arrive before the model is loaded wait.
 *
 * @param output of the log: a file descriptor, and how to write a line of it where that is not as JSON
 * @throws RiceError PORT_UNAVAILABLE, the errors of `loadLazily`, PATH_NOT_WRITABLE for the log of predictions
 */
export async function startServer(settings: ServerSettings, output: LogOutput): Promise<RunningServer> {
  const {stream, end: endLog} = openLogStream(output.file);
  const log: FastifyBaseLogger = createLog(settings.logLevel, stream, output.format);
  const {model, metadata, outputs, threads} = await describeModel(settings);
  const failure = defer();
  const state: ServerState = {
    ready: () => supervisor.ready,
    stuck: () => supervisor.longest > STUCK_AFTER,
    stopping: false,
    closing: false,
  };
  const trust = settings.load.trust ?? DEFAULT_TRUST;
  const drift = new InputDrift(metadata.training?.inputs);
  const metrics: Metrics = createMetrics({
    model,
    trust,
    drift,
    ready: () => supervisor.ready && !state.stopping,
    queueDepth: () => queue.depth,
    scanQueueDepth: () => scans?.depth ?? 0,
  });
  const predictionLog = openPredictionLog(settings, log);
  const load = {...settings.load, measureWindows: true, features: true};
  const onLost = (error: Error) => {
    metrics.restarts.inc();
    log.error({err: error}, 'a worker thread died: another takes its place');
  };
  const supervisor = new WorkerSupervisor(
    () => new ClassifierThreads({model}, load, threads, onLost),
    threads,
    await warmUpImage(),
    {
      onRestart: (error) => {
        metrics.restarts.inc();
        log.error({err: error}, 'a worker thread died: all are restarted');
      },
      onReady: () => {
        const {name, version, sha256} = model;
        log.info({model: {name, version, sha256}, threads}, 'ready');
        queue.dispatch();
      },
      onGone: failure.reject,
    },
  );
  const queue = new PictureQueue(supervisor, settings.maxQueue, maxDecodingBytes(settings.load.maxPixels), {
    onBatch: (size, seconds) => {
      metrics.batchSize.observe(size);
      metrics.inferenceSeconds.observe(seconds);
    },
    onWait: (seconds) => metrics.queueSeconds.observe(seconds),
  });
  const scans = openScans(settings, model.sha256, metrics, onLost);
  const {model: path, maxPixels} = settings.load;
  const explanations = new ExplainQueue(defined({model: path, maxPixels}), onLost);
  const context: ServerContext = {
    settings,
    model,
    metadata,
    outputs,
    trust,
    queue,
    scans,
    explanations,
    metrics,
    log,
    state,
    limiter: new ConcurrencyLimiter(settings.concurrency),
    budget: new ByteBudget(settings.maxBody * BODIES_IN_MEMORY),
    watch: new PredictionWatch(metrics, drift, predictionLog),
  };
  const servers = new HttpServers(settings.timeout);
  const app = await createApp(context, servers);
  const close = async () => {
    state.stopping = true;
    log.info('stopping');
    await drain(app, servers, state);
    await Promise.all([supervisor.close(), scans?.close(), explanations.close()]);
    await predictionLog?.close();
    log.info('the server has ended');
    endLog();
  };
  try {
    const url = await listen(app, settings);
    return {url, model, failed: failure.promise, close};
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads the model's description. On a device other than the CPU one thread is enough: more would only queue. */
async function describeModel({load, threads}: ServerSettings): Promise<{
  model: RunningServer['model'];
  metadata: ModelMetadata;
  outputs: ModelOutputs;
  threads: number;
}> {
  const classifier = await loadLazily(load);
  const {model, metadata, outputs, device} = classifier;
  await classifier.release();
  return {model, metadata, outputs, threads: device === 'cpu' ? threads : 1};
}

function openScans(
  {load, scanThreads: threads, scanQueue}: ServerSettings,
  sha256: string,
  metrics: Metrics,
  onLost: (error: Error) => void,
): ScanQueue | undefined {
  if (threads === 0) return undefined;
  const memory = (load.maxPixels ?? DEFAULT_MAX_PIXELS) * SCAN_BYTES_PER_PIXEL;
  return new ScanQueue(
    () => new ScanThreads(sha256, load, {threads, background: true, onLost}),
    {threads, waiting: scanQueue, memory},
    {
      onWait: (seconds) => metrics.scanWaitSeconds.observe(seconds),
      onScan: (seconds, scan) => {
        metrics.scans.inc({outcome: scan ? 'answered' : 'failed'});
        metrics.scanSeconds.observe(seconds);
        if (scan) metrics.scannedGrains.observe(scan.picture.count);
      },
    },
  );
}

function openPredictionLog({predictionLog}: ServerSettings, log: FastifyBaseLogger): PredictionLog | undefined {
  if (!predictionLog) return undefined;
  const {path, ...rest} = predictionLog;
  return new PredictionLog(path, {
    ...rest,
    onError: ({message}) => log.error(`predictions are not logged: ${message}`),
  });
}

async function listen(app: FastifyInstance, {host, port}: ServerSettings): Promise<string> {
  try {
    await app.listen({host, port, listenTextResolver: (address) => `listening at ${address}`});
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message;
    throw new RiceError('PORT_UNAVAILABLE', `cannot listen at port ${port} of ${host}: ${reason}`, {cause: error});
  }
  const {address, family, port: actual} = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`;
}

const REASONS: Record<string, string> = {
  EADDRINUSE: 'another process listens there',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host',
};

/** Answers requests until the clients are gone, and cuts off those that stay too long. */
async function drain(app: FastifyInstance, servers: HttpServers, state: ServerState): Promise<void> {
  const cut = setTimeout(() => servers.cut(), DRAIN_TIMEOUT);
  const last = setTimeout(() => {
    state.closing = true;
  }, LAST_WORK);
  await app.close();
  clearTimeout(cut);
  clearTimeout(last);
}

/** A promise that can be rejected later, and is never fulfilled. */
function defer(): {promise: Promise<never>; reject: (error: Error) => void} {
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<never>((_, no) => {
    reject = no;
  });
  promise.catch(() => {});
  return {promise, reject};
}
