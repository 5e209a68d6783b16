import {fork} from 'node:child_process';
import {workerFile} from '../../common/package-root.ts';
import type {Classifier, ClassifierOptions} from '../../model/classifier.ts';

/** What a picture on a device led to. */
export type ProbeAnswer =
  | {
      works: true;
      /** Which decoder reads JPEGs. */
      decoder?: string;
      /** From the start of loading the model to the answer. */
      seconds: number;
      device: string;
      model: Classifier['model'];
    }
  | {works: false; decoder?: string; reason: string; suggestions: string[]};

/**
 * Answers a picture on a device, in a child process that is killed where it takes too long: never fails, never hangs.
 *
 * @param timeout milliseconds
 */
export function probeDevice(options: ClassifierOptions, timeout: number): Promise<ProbeAnswer> {
  const {file, execArgv} = workerFile('commands/doctor/probe');
  const child = fork(file, [JSON.stringify(options)], {execArgv, stdio: 'ignore'});
  return new Promise((resolve) => {
    const end = (answer: ProbeAnswer) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      resolve(answer);
    };
    const timer = setTimeout(() => end(failed(`it did not answer within ${timeout / 1000} s`)), timeout);
    child.once('message', (answer) => end(answer as ProbeAnswer));
    child.once('error', (error) => end(failed(error.message)));
    child.once('exit', (code, signal) => end(failed(`its process ended by ${signal ?? `exit code ${code}`}`)));
  });
}

function failed(reason: string): ProbeAnswer {
  return {works: false, reason, suggestions: []};
}
