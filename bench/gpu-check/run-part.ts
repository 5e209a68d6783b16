/** Runs parts as processes of their own, each with a time limit; what a part told before its end is kept. */
import {type ChildProcess, fork, spawn} from 'node:child_process';
import {watchMemory} from './nvidia-smi.ts';

export interface Ended {
  /** Why it did not come to its end; undefined if it did. */
  failure?: string;
  seconds: number;
  /** Largest memory in use on the GPU beyond that before, in MiB; undefined where nothing tells it. */
  gpuMebibytes?: number;
}

/** @param limit seconds */
export async function runForked<Result>(
  file: string,
  argument: unknown,
  limit: number,
  env: NodeJS.ProcessEnv,
): Promise<Ended & {result?: Result}> {
  let result: Result | undefined;
  const ended = await untilItEnds(limit, () => {
    const child = fork(file, ['--part', JSON.stringify(argument)], {
      env,
      execArgv: process.execArgv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    return child.on('message', (message) => {
      result = message as Result;
    });
  });
  const error = (result as {error?: string} | undefined)?.error;
  if (error !== undefined) ended.failure = error;
  return result === undefined ? ended : {...ended, result};
}

/** Runs a command and keeps what it prints. */
export async function runCommand(
  command: string,
  args: string[],
  limit: number,
  env: NodeJS.ProcessEnv,
): Promise<Ended & {stdout: string}> {
  let stdout = '';
  const ended = await untilItEnds(limit, () => {
    const child = spawn(command, args, {env, stdio: ['ignore', 'pipe', 'pipe']});
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    return child;
  });
  return {...ended, stdout};
}

async function untilItEnds(limit: number, start: () => ChildProcess): Promise<Ended> {
  const memory = await watchMemory();
  const begin = performance.now();
  const child = start();
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-2000);
  });
  const failure = await new Promise<string | undefined>((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, limit * 1000);
    const end = (reason: string | undefined) => {
      clearTimeout(timer);
      resolve(reason);
    };
    child.once('error', ({message}) => end(message));
    child.once('close', (code, signal) => {
      if (late) return end(`not done after ${limit.toFixed(0)} s`);
      const last = stderr.trim().split('\n').at(-1) ?? '';
      end(code === 0 ? undefined : `ended by ${signal ?? `exit code ${code}`}${last && `: ${last.slice(0, 300)}`}`);
    });
  });
  const seconds = (performance.now() - begin) / 1000;
  const gpuMebibytes = await memory.stop();
  return {seconds, ...(failure !== undefined && {failure}), ...(gpuMebibytes !== undefined && {gpuMebibytes})};
}
