import {fork} from 'node:child_process';
import {type ErrorCode, RiceError} from '../common/errors.ts';
import {workerFile} from '../common/package-root.ts';
import type {ClassifierOptions} from '../model/classifier.ts';
import type {Measurement, Started, Task, WorkerMessage, WorkerRequest} from './worker/messages.ts';

export interface WorkerRun extends Started {
  /** From the start of the process to its first answer. */
  startUpSeconds: number;
  /** Bytes. */
  peakMemory: number;
  measurements: Measurement[];
}

export interface RunWorkerOptions {
  load: ClassifierOptions;
  /** For the first answer. */
  picture: Uint8Array;
  /** Without one, the process only starts. */
  task?: Task;
  /** Milliseconds of silence after which the process counts as one that hangs. */
  patience?: number;
  onMeasured?: (measurement: Measurement) => void;
  signal?: AbortSignal | undefined;
}

const PATIENCE_MS = 60_000;

/**
 * Measures a model in a process of its own, which has ended when this settles.
 *
 * @throws RiceError the error of the process, BENCHMARK_FAILED where it ended or hung; the reason of the signal
 */
export async function runWorker(options: RunWorkerOptions): Promise<WorkerRun> {
  const {load, picture, task, patience = PATIENCE_MS, onMeasured, signal} = options;
  signal?.throwIfAborted();
  const {file, execArgv} = workerFile('benchmarking/worker');
  const begin = performance.now();
  const child = fork(file, {execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced'});
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const ask = (request: WorkerRequest) => child.send(request, () => {});
  let silence: NodeJS.Timeout | undefined;
  let stop = () => {};
  try {
    return await new Promise<WorkerRun>((resolve, reject) => {
      const run: Partial<WorkerRun> & Pick<WorkerRun, 'measurements'> = {measurements: []};
      const listen = () => {
        clearTimeout(silence);
        const limit = patience + (task?.seconds ?? 0) * 3000;
        silence = setTimeout(() => reject(failed(`did not answer within ${limit / 1000} s`)), limit);
      };
      stop = () => reject(signal?.reason);
      signal?.addEventListener('abort', stop);
      child.on('message', (message: WorkerMessage) => {
        listen();
        if (message.type === 'failed') reject(toError(message.error));
        else if (message.type === 'started') {
          const {model, device} = message;
          Object.assign(run, {model, device, startUpSeconds: (performance.now() - begin) / 1000, peakMemory: 0});
          if (task) ask({type: 'measure', ...task});
          else resolve(run as WorkerRun);
        } else if (message.type === 'measured') {
          const {type: _, ...measurement} = message;
          run.measurements.push(measurement);
          onMeasured?.(measurement);
        } else resolve({...run, peakMemory: message.peakMemory} as WorkerRun);
      });
      child.once('error', (error) => reject(failed(`could not be started: ${error.message}`)));
      child.once('exit', (code, killedBy) => reject(failed(`was ended by ${killedBy ?? `exit code ${code}`}`)));
      listen();
      ask({type: 'start', load, picture});
    });
  } finally {
    // What is still to come of one that is to end would start the clock of its silence again.
    child.removeAllListeners('message');
    clearTimeout(silence);
    signal?.removeEventListener('abort', stop);
    child.kill('SIGKILL');
    await ended;
  }
}

function failed(how: string): RiceError {
  return new RiceError('BENCHMARK_FAILED', `the process that measures a model ${how}`);
}

function toError({code, message, suggestions}: {code: string; message: string; suggestions: string[]}): RiceError {
  return new RiceError(code as ErrorCode, message, {suggestions});
}
