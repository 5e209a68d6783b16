import {type Exported, PARTS} from '../../exported.ts';
import type {Answer, Question, Reply} from '../messages.ts';
import {cachePrefix, loadFile} from '../store.ts';

/** Longer than any picture within the limits takes on a slow phone. */
const PATIENCE_MS = 90_000;

type Parts = Record<keyof typeof PARTS, Uint8Array<ArrayBuffer>>;

/** The worker, which answers one picture after the other. It is replaced by another one where a picture is too much for it. */
export class Engine {
  readonly #parts: Parts;
  #worker: Promise<Worker>;
  /** The last question, so that the next waits for its answer. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#worker = startWorker(parts);
  }

  /**
   * Loads what the worker is made of, and starts it.
   *
   * @throws Error that says for people why it cannot
   */
  static async open(exported: Exported): Promise<Engine> {
    const engine = new Engine(await loadParts(exported));
    await engine.#worker;
    return engine;
  }

  /** @returns the answer, and how long it took from where those before were done */
  answer(name: string, picture: Blob): Promise<{answer: Answer; seconds: number}> {
    const answered = this.#last.then(async () => {
      const started = performance.now();
      const answer = await this.#answer(name, picture);
      return {answer, seconds: (performance.now() - started) / 1000};
    });
    this.#last = answered.catch(() => {});
    return answered;
  }

  async #answer(name: string, picture: Blob): Promise<Answer> {
    const worker = await this.#worker;
    const reply = await ask(worker, {kind: 'picture', name, picture}).catch(() => undefined);
    if (reply?.kind === 'answer') return reply.answer;
    worker.terminate();
    this.#worker = startWorker(this.#parts);
    const message = 'decoding it took more memory or time than there is';
    return {entry: {path: name, code: 'IMAGE_TOO_COSTLY', message}};
  }
}

async function loadParts({version, files}: Exported): Promise<Parts> {
  const folder = new URL('./', location.href).href;
  const cache = await globalThis.caches?.open(cachePrefix(folder) + version).catch(() => undefined);
  const parts = await Promise.all(
    Object.entries(PARTS).map(async ([part, file]) => {
      const response = await loadFile(cache, new URL(file, folder).href, files[file]);
      return [part, new Uint8Array(await response.arrayBuffer())] as const;
    }),
  );
  return Object.fromEntries(parts) as Parts;
}

/**
 * Its script is handed over as it was loaded, so that the policy of the page holds for the worker, too: nothing that it is made
 * of can send anything anywhere.
 */
async function startWorker({worker: script, ...rest}: Parts): Promise<Worker> {
  const address = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
  const worker = new Worker(address);
  // Copies, for another one may have to be started.
  const reply = await ask(worker, {kind: 'open', opening: rest});
  URL.revokeObjectURL(address);
  if (reply.kind === 'opened') return worker;
  worker.terminate();
  throw new Error(reply.kind === 'failed' ? reply.message : 'the worker does not start');
}

function ask(worker: Worker, question: Question): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the worker does not answer')), PATIENCE_MS);
    worker.onmessage = ({data}: MessageEvent<Reply>) => {
      clearTimeout(timer);
      resolve(data);
    };
    worker.onerror = ({message}) => {
      clearTimeout(timer);
      reject(new Error(message || 'the worker failed'));
    };
    worker.postMessage(question);
  });
}
