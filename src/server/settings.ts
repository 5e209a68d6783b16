import type {ClassifierOptions} from '../model/classifier.ts';

/** Settings of a server; sizes in bytes, times in seconds. */
export interface ServerSettings {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** Options for loading the model. */
  load: ClassifierOptions;
  /** Worker threads. */
  threads: number;
  /** Requests processed at the same time; more are rejected. */
  concurrency: number;
  /** Pictures that may wait for a thread; more are rejected. */
  maxQueue: number;
  /** Worker threads for scans; 0 for a server that does not scan. */
  scanThreads: number;
  /** Scans that may wait for a thread; more are rejected. */
  scanQueue: number;
  maxBody: number;
  /** Files in one request. */
  maxFiles: number;
  /** Time from the first byte of a request to its answer. */
  timeout: number;
  /** Requests per minute and client; 0 for no limit. */
  rateLimit: number;
  /** Number of proxies in front of the server whose X-Forwarded-For is trusted. */
  trustedProxies: number;
  /** Origins whose web pages may read answers; `*` for all. */
  corsOrigins: readonly string[];
  /** The path under which a proxy shows the server, such as `/rice`; undefined for none or one that the proxy tells. */
  basePath?: string;
  /** Host names that requests may ask for, beside addresses and localhost; undefined for any. */
  allowedHosts?: readonly string[];
  logLevel: LogLevel;
  /** Key that requests must have; undefined for none. */
  apiKey?: string;
  /** Google Cloud project of the trace ids in the log. */
  cloudProject?: string;
  /** File to which each prediction is written as a JSON line. */
  predictionLog?: {path: string; maxBytes: number; files: number};
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const SERVER_DEFAULTS = {
  port: 8080,
  concurrency: 80,
  maxQueue: 256,
  scanThreads: 1,
  scanQueue: 8,
  // The limit of Cloud Run.
  maxBody: 32 * 1024 * 1024,
  maxFiles: 100,
  timeout: 30,
} as const;
