import {spawn} from 'node:child_process';
import {existsSync, mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
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
}

/** Runs the built `rice` as a user would, with nothing of this process' environment but the path. */
export function rice(args: string[], {cwd = tmpdir(), env = {}, closeStdout = false}: RunOptions = {}) {
  return new Promise<Outcome>((resolve, reject) => {
    const home = {HOME: join(tmpdir(), 'rice-test-no-home'), LANG: 'C.UTF-8'};
    const child = spawn(process.execPath, [BIN, ...args], {cwd, env: {PATH: process.env.PATH, ...home, ...env}});
    if (closeStdout) child.stdout.destroy();
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({code, stdout, stderr}));
  });
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
