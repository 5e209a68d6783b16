import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {existsSync, mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BIN = join(ROOT, 'bin', 'run.js');

/** Whether the model of the package exists. Tests that need it are skipped otherwise. */
export const HAS_MODEL = existsSync(join(ROOT, 'models', 'rice.onnx'));

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Closes the reading end of stdout before anything is written, as `| head -1` could. */
  closeStdout?: boolean;
  /** The content of standard input; undefined closes it. */
  input?: string | Uint8Array;
}

/** A running `rice` process. */
export interface Running {
  child: ChildProcessWithoutNullStreams;
  /** The output so far; complete once `ended` resolves. */
  outcome: Outcome;
  /** Resolves when the process has ended and all of its output was read. */
  ended: Promise<Outcome>;
  /** Waits until stdout matches the pattern. */
  wrote(pattern: RegExp): Promise<void>;
}

/** Starts the built `rice` as a user would, with only PATH from the environment of this process. */
export function startRice(args: string[], {cwd = tmpdir(), env = {}}: RunOptions = {}): Running {
  const home = {HOME: join(tmpdir(), 'rice-test-no-home'), LANG: 'C.UTF-8'};
  const child = spawn(process.execPath, [BIN, ...args], {cwd, env: {PATH: process.env.PATH, ...home, ...env}});
  // It is not an error if rice ends without reading its input.
  child.stdin.on('error', () => {});
  const outcome: Outcome = {code: null, stdout: '', stderr: ''};
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      outcome[name] += text;
    });
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(Object.assign(outcome, {code})));
  });
  const wrote = async (pattern: RegExp) => {
    while (!pattern.test(outcome.stdout)) {
      if (child.exitCode !== null) throw new Error(`rice ended: ${JSON.stringify(outcome)}`);
      await setTimeout(5);
    }
  };
  return {child, outcome, ended, wrote};
}

/** Runs the built `rice` until it ends. */
export function rice(args: string[], options: RunOptions = {}): Promise<Outcome> {
  const {child, ended} = startRice(args, options);
  if (options.closeStdout) child.stdout.destroy();
  if (options.input === undefined) child.stdin.destroy();
  else child.stdin.end(options.input);
  return ended;
}

/** A temporary folder for the tests of the current `describe`, removed after them. */
export function temporaryFolder(): () => string {
  let folder = '';
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'rice-cli-')));
  });
  after(() => rmSync(folder, {recursive: true, force: true}));
  return () => folder;
}
