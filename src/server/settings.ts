import type {ClassifierOptions} from '../model/classifier.ts';

/** What a server is told; sizes in bytes, times in seconds. */
export interface ServerSettings {
  host: string;
  /** 0 takes any that is free. */
  port: number;
  /** What the model is loaded with. */
  load: ClassifierOptions;
  /** Worker threads. */
  threads: number;
  /** Requests that are computed at the same time; more are turned away. */
  concurrency: number;
  /** Pictures that may wait for a thread; more are turned away. */
  maxQueue: number;
  maxBody: number;
  /** Files in one request. */
  maxFiles: number;
  /** From the first byte of a request to its answer. */
  timeout: number;
  /** Requests a minute of one client; 0 for any number. */
  rateLimit: number;
  /** Proxies in front of the server, whose X-Forwarded-For is believed. */
  trustedProxies: number;
  /** Web pages of these origins may read answers; `*` stands for all. */
  corsOrigins: readonly string[];
  logLevel: LogLevel;
  /** What a request must carry; none where undefined. */
  apiKey?: string;
  /** The project that trace ids in the log belong to. */
  cloudProject?: string;
  /** A file that gets each prediction as a line of JSON. */
  predictionLog?: {path: string; maxBytes: number; files: number};
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const SERVER_DEFAULTS = {
  port: 8080,
  concurrency: 80,
  maxQueue: 256,
  // What Cloud Run lets through.
  maxBody: 32 * 1024 * 1024,
  maxFiles: 100,
  timeout: 30,
} as const;
