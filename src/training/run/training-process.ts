import {type ChildProcess, fork} from 'node:child_process';
import {closeSync, openSync} from 'node:fs';
import {join} from 'node:path';
import {type ErrorCode, RiceError} from '../../common/errors.ts';
import {workerFile} from '../../common/package-root.ts';
import {shellWords} from '../../common/shell-words.ts';
import type {WorkerMessage, WorkerRequest} from '../worker/messages.ts';
import {LOG_FILE} from './run-folder.ts';

/**
 * Runs the worker on an artifact in a child process until it finishes, is stopped, or fails. Its output goes to the run's
 * log.
 *
 * @param signal requests a checkpoint and an early end
 * @returns whether training has finished
 * @throws RiceError the error that the worker reported, or TRAINING_FAILED if it ended without one
 */
export function runTrainingProcess(
  run: string,
  artifact: string,
  onMessage: (message: WorkerMessage) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const {file, execArgv} = workerFile('training/worker');
  const log = openSync(join(run, LOG_FILE), 'a');
  const child = fork(file, [artifact], {execArgv, stdio: ['ignore', log, log, 'ipc']});
  closeSync(log);
  return new Promise((resolve, reject) => {
    let finished = false;
    let failure: RiceError | undefined;
    const stop = () => requestStop(child);
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    child.on('message', (message: WorkerMessage) => {
      if (message.type === 'finished') finished = true;
      if (message.type === 'failed') failure = toError(message.error);
      onMessage(message);
    });
    child.on('error', (error) => {
      failure ??= new RiceError('TRAINING_FAILED', `the training process could not be started: ${error.message}`, {
        cause: error,
      });
    });
    child.on('close', (code, killedBy) => {
      signal?.removeEventListener('abort', stop);
      if (failure) reject(withResumeHint(failure, run));
      else if (code === 0) resolve(finished);
      else reject(unexpectedEnd(run, code, killedBy));
    });
  });
}

function requestStop(child: ChildProcess): void {
  const request: WorkerRequest = {type: 'stop'};
  if (child.connected) child.send(request);
}

function toError({code, message, suggestions}: {code: string; message: string; suggestions: string[]}): RiceError {
  return new RiceError(code as ErrorCode, message, {suggestions});
}

/** After a full disk or a failed write, training can be resumed. */
function withResumeHint(failure: RiceError, run: string): RiceError {
  if (failure.code !== 'DISK_FULL' && failure.code !== 'PATH_NOT_WRITABLE') return failure;
  const {code, message, suggestions} = failure;
  const further = `Then continue from the last checkpoint: rice train --resume ${shellWords([run])}`;
  return new RiceError(code, message, {suggestions: [...suggestions, further], cause: failure});
}

function unexpectedEnd(run: string, code: number | null, signal: NodeJS.Signals | null): RiceError {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
  return new RiceError('TRAINING_FAILED', `the training process ${how}`, {
    suggestions: [
      `Continue from the last checkpoint with: rice train --resume ${shellWords([run])}`,
      `See its output in ${join(run, LOG_FILE)}; SIGKILL usually means that memory ran out.`,
    ],
  });
}
