export interface OpenOptions {
  /** The folder of the journal. */
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Ends all requests. */
  signal: AbortSignal;
  /** Milliseconds before the first repetition of a request. */
  firstWait?: number | undefined;
  warn: (message: string) => void;
}
