import type {Dispatcher} from 'undici';
import {shownAddress} from '../../common/shown-address.ts';
import {untilDone} from './backoff.ts';
import {SendFailure} from './send-failure.ts';

export interface ClientOptions {
  /** Address of the server, below which paths are. */
  base: string;
  headers?: Record<string, string>;
  /** Keys and passwords, which must not appear in any message. */
  secrets?: readonly string[];
  /** Ends everything. */
  signal: AbortSignal;
  /** Milliseconds before the first repetition. */
  firstWait?: number;
}

export interface ClientRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the base, or a whole address elsewhere, to which the client's own headers are not sent. */
  path: string;
  json?: unknown;
  body?: Uint8Array;
  headers?: Record<string, string>;
  /** Not repeated: a repetition could do something twice if only the answer was lost. See `repeat`. */
  once?: boolean;
}

/** Milliseconds for an answer; a body may take longer, as by a line of 50 kB a second. */
const TIMEOUT_MS = 30_000;
const BYTES_A_MS = 50;
/** What is quoted of an answer. */
const QUOTED = 300;
const FOR_NOW = [408, 425, 429];
const NOT_IMPLEMENTED = 501;

/** How the server is doing: `down` where it does not answer, `busy` where it answers that it cannot. */
export type Health = 'unknown' | 'well' | 'busy' | 'down';

/** Sends requests to a tracker's server, and repeats those that fail for now. */
export class HttpClient {
  health: Health = 'unknown';
  /** When the request under way began, by `performance.now()`, and the milliseconds that its body may take. */
  pending: {since: number; extra: number} | undefined;
  /** The last failure, for people. */
  failure: SendFailure | undefined;
  /** Told of each failure that is followed by another attempt. */
  onFailure: (failure: SendFailure) => void = () => {};
  readonly #options: ClientOptions;
  #dispatcher: Promise<Dispatcher> | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  /** @throws SendFailure if the server refuses, or fails for now and `once` is set; the reason of the signal */
  async send(request: ClientRequest): Promise<string> {
    return request.once ? this.#once(request) : this.repeat(() => this.#once(request));
  }

  /** Repeats what fails for now. @throws as `send` */
  async repeat<Result>(action: () => Promise<Result>): Promise<Result> {
    const {signal, firstWait} = this.#options;
    const onFailure = (failure: SendFailure) => {
      this.failure = failure;
      this.onFailure(failure);
    };
    return untilDone(action, {signal, onFailure, ...(firstWait === undefined ? {} : {first: firstWait})});
  }

  /** @throws as `send`, and if the answer is not JSON */
  async json<Answer>(request: ClientRequest): Promise<Answer> {
    const text = await this.send(request);
    try {
      return JSON.parse(text) as Answer;
    } catch {
      throw new SendFailure(`${this.#shown(request.path)} answers something else than JSON`, {retry: false});
    }
  }

  /** Ends connections that are left. */
  async close(): Promise<void> {
    await (await this.#dispatcher)?.destroy();
  }

  /** A text without keys. */
  redacted(text: string): string {
    return (this.#options.secrets ?? []).reduce(
      (rest, secret) => (secret ? rest.replaceAll(secret, '***') : rest),
      text,
    );
  }

  async #once({method, path, json, body, headers}: ClientRequest): Promise<string> {
    const {base, headers: own, signal} = this.#options;
    const elsewhere = /^https?:\/\//i.test(path);
    const url = elsewhere ? path : `${base.replace(/\/+$/, '')}${path}`;
    const {fetch} = await undici();
    const extra = Math.ceil((body?.length ?? 0) / BYTES_A_MS);
    this.pending = {since: performance.now(), extra};
    try {
      const response = await fetch(url, {
        method,
        headers: {
          ...(elsewhere ? {} : own),
          ...(json === undefined ? {} : {'content-type': 'application/json'}),
          ...headers,
        },
        body: json === undefined ? (body ?? null) : JSON.stringify(json),
        // A redirect would turn POST into GET, and could lead a key elsewhere.
        redirect: 'manual',
        dispatcher: await this.#connector(),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS + extra)]),
      });
      const text = await response.text();
      if (response.ok) {
        this.health = 'well';
        return text;
      }
      throw this.#refusal(url, response.status, text, response.headers);
    } catch (error) {
      if (error instanceof SendFailure) throw error;
      signal.throwIfAborted();
      this.health = 'down';
      throw new SendFailure(`${this.#shown(url)} ${reasonOf(error)}`, {retry: true});
    } finally {
      this.pending = undefined;
    }
  }

  #refusal(url: string, status: number, text: string, headers: {get(name: string): string | null}): SendFailure {
    const retry = FOR_NOW.includes(status) || (status >= 500 && status !== NOT_IMPLEMENTED);
    this.health = retry ? 'busy' : 'well';
    const answer = this.redacted(text).slice(0, 4 * QUOTED);
    const location = headers.get('location');
    const quoted = location && status < 400 ? `leads to ${shownAddress(location)}` : messageIn(answer).slice(0, QUOTED);
    const after = Number(headers.get('retry-after') ?? Number.NaN);
    return new SendFailure(`${this.#shown(url)} answers ${status}${quoted ? `: ${quoted}` : ''}`, {
      retry,
      status,
      answer,
      ...(Number.isFinite(after) ? {after} : {}),
    });
  }

  #shown(url: string): string {
    const address = /^https?:/i.test(url) ? url : this.#options.base + url;
    return this.redacted(shownAddress(address).replace(/[?#].*$/, ''));
  }

  async #connector(): Promise<Dispatcher> {
    this.#dispatcher ??= undici().then(({EnvHttpProxyAgent}) => new EnvHttpProxyAgent());
    return this.#dispatcher;
  }
}

async function undici() {
  // Bundling loses the named exports of a CommonJS package.
  return (await import('undici')).default;
}

function reasonOf(error: unknown): string {
  const {name, cause} = error as Error & {cause?: {code?: string; message?: string}};
  if (name === 'TimeoutError') return 'does not answer in time';
  const code = cause?.code;
  if (code === 'ECONNREFUSED') return 'cannot be reached: nothing listens there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'cannot be reached: there is no such host';
  return `cannot be reached: ${code ?? cause?.message ?? (error as Error).message}`;
}

/** The message in a JSON answer, or a text that is short and no page. */
function messageIn(text: string): string {
  try {
    const {message, error, errors} = JSON.parse(text) as Record<string, unknown>;
    const first = Array.isArray(errors) ? (errors[0] as {message?: unknown})?.message : undefined;
    return String(first ?? message ?? error ?? '');
  } catch {
    return text.trimStart().startsWith('<') ? '' : text.trim();
  }
}
