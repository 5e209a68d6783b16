import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process';
import {existsSync, mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BIN = join(ROOT, 'bin', 'run.js');

/** Tests of what needs a model look here, and are left out without it. */
export const HAS_MODEL = existsSync(join(ROOT, 'models', 'rice.onnx'));

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Closes the reading end of stdout before anything is written, as `| head -1` would. */
  closeStdout?: boolean;
  /** What stands on its standard input; that is closed where left out. */
  input?: string | Uint8Array;
}

/** A `rice` that runs, to be fed, watched and stopped. */
export interface Running {
  child: ChildProcessWithoutNullStreams;
  /** What it has written so far, and in the end. */
  outcome: Outcome;
  /** When it has ended, and all that it wrote was read. */
  ended: Promise<Outcome>;
  /** Waits until what it has written on stdout matches. */
  wrote(pattern: RegExp): Promise<void>;
}

/** Starts the built `rice` as a user would, with nothing of this process' environment but the path. */
export function startRice(args: string[], {cwd = tmpdir(), env = {}}: RunOptions = {}): Running {
  const home = {HOME: join(tmpdir(), 'rice-test-no-home'), LANG: 'C.UTF-8'};
  const child = spawn(process.execPath, [BIN, ...args], {cwd, env: {PATH: process.env.PATH, ...home, ...env}});
  // Who ends without reading its input is no failure.
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
      if (child.exitCode !== null) throw new Error(`it ended: ${JSON.stringify(outcome)}`);
      await setTimeout(5);
    }
  };
  return {child, outcome, ended, wrote};
}

/** Runs the built `rice` to its end. */
export function rice(args: string[], options: RunOptions = {}): Promise<Outcome> {
  const {child, ended} = startRice(args, options);
  if (options.closeStdout) child.stdout.destroy();
  if (options.input === undefined) child.stdin.destroy();
  else child.stdin.end(options.input);
  return ended;
}

/** A folder for the tests of the current `describe`, removed after them. */
export function temporaryFolder(): () => string {
  let folder = '';
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'rice-cli-')));
  });
  after(() => rmSync(folder, {recursive: true, force: true}));
  return () => folder;
}
