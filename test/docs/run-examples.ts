import {execFileSync, spawnSync} from 'node:child_process';
import {copyFileSync, cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import {BIN, ROOT, type Running, startRice} from '../cli/rice.ts';
import {drawFrame, encodePng} from '../helpers/images.ts';
import type {Example} from './pages.ts';

/** What no test has at hand, by the words of command lines that ask for it. */
export const LEFT_OUT: Readonly<Record<string, RegExp>> = {
  'the dataset': /Rice_Image_Dataset|rice-images-60k\.zip/,
  'the folders of two cameras': /pictures\/camera|shift\//,
  'a search of minutes': /rice tune sweep\.yaml/,
  'photographs of other varieties': /train grains --from/,
  'a model that somebody signed': /rice verify/,
  'the folder of a training run': /--resume|^rice runs\b|dist\/training\/worker\.js/,
  'a model of another tool': /resnet18/,
  'the packages of the registry': /^(npm run|npm pack|docker)/,
};
/** Programs of the system that examples may be written with; those that are not there leave their examples out. */
const TOOLS = ['curl', 'jq', 'find', 'sort'];
const ADDRESS = '127.0.0.1:8080';

export function isLeftOut(command: string): boolean {
  return Object.values(LEFT_OUT).some((pattern) => pattern.test(command));
}

/** Runs the examples of a page one after another, in a folder with what they name. */
export class ExampleRunner {
  readonly #home: string;
  readonly #folder: string;
  readonly #env: Record<string, string>;
  #server: Running | undefined;
  #address = ADDRESS;

  constructor(home: string) {
    this.#home = realpathSync(home);
    this.#folder = join(this.#home, 'rice');
    mkdirSync(this.#folder);
    const at = (...path: string[]) => join(this.#folder, ...path);
    const programs = join(this.#home, 'programs');
    mkdirSync(programs);
    mkdirSync(at('test'));
    writeFileSync(join(programs, 'rice'), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`, {mode: 0o755});
    symlinkSync(join(ROOT, 'bin'), at('bin'));
    cpSync(join(ROOT, 'test', 'samples'), at('test', 'samples'), {recursive: true});
    for (const name of ['basmati-1.jpg', 'ipsala-1.jpg']) copyFileSync(join(ROOT, 'test', 'samples', name), at(name));
    writeFileSync(at('broken.jpg'), 'no picture');
    writeFileSync(at('empty.png'), encodePng(drawFrame(250, 250, () => [0, 0, 0])));
    const path = [programs, process.env.PATH].join(delimiter);
    this.#env = {PATH: path, HOME: this.#home, LANG: 'C.UTF-8', TMPDIR: tmpdir()};
  }

  /** What an example prints, with `undefined` for one whose programs are not there. */
  async run({command, output}: Example): Promise<string | undefined> {
    if (TOOLS.some((tool) => command.includes(tool) && !isThere(tool))) return undefined;
    if (command === 'rice serve') return this.#serve();
    const shown = /^cat (\S+)$/.exec(command);
    if (shown && output !== undefined) writeFileSync(join(this.#folder, shown[1]), output);
    const line = command.replace(/^npm ci && /, '').replaceAll(ADDRESS, this.#address);
    const options = {cwd: this.#folder, env: this.#env, encoding: 'utf8' as const};
    const {stdout} = spawnSync('sh', ['-c', `exec 2>&1\n${line}`], options);
    return stdout.replaceAll(this.#home, '/home/me');
  }

  /** Runs a module that uses the library. */
  runModule(text: string): string {
    const file = join(this.#folder, 'library.mjs');
    const library = new URL('../../dist/index.js', import.meta.url).href;
    writeFileSync(file, text.replace("'rice-grain'", `'${library}'`));
    return execFileSync(process.execPath, [file], {cwd: this.#folder, encoding: 'utf8'});
  }

  async #serve(): Promise<string> {
    this.#server = startRice(['serve', '--port', '0', '--quiet'], {cwd: this.#folder});
    await this.#server.wrote(/\n/);
    const {stdout} = this.#server.outcome;
    this.#address = /127\.0\.0\.1:\d+/.exec(stdout)![0];
    return stdout.replace(this.#address, ADDRESS);
  }

  async stop(): Promise<void> {
    this.#server?.child.kill();
    await this.#server?.ended;
  }
}

function isThere(tool: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
}

/**
 * Whether a page shows what is printed. `...` as a line stands for any lines, at the end of one for any text. Times are not
 * compared; long decimal fractions, whose last digits another processor may compute otherwise, to a thousandth of their value.
 */
export function isShown(printed: string, shown: string): boolean {
  const [actual, expected] = [comparable(printed), comparable(shown)];
  const pattern = expected.text
    .split(/^\.\.\.\n/m)
    .map((part) =>
      part
        .split(/\.\.\.$/m)
        .map(literally)
        .join('.*'),
    )
    .join('(?:.*\n)*');
  if (!new RegExp(`^${pattern}$`).test(actual.text)) return false;
  // Only where nothing is elided is it known which number stands for which.
  if (expected.numbers.length !== actual.numbers.length) return expected.text.includes('...');
  return expected.numbers.every((number, i) => Math.abs(number - actual.numbers[i]) <= 1e-3 * Math.abs(number) + 1e-6);
}

function comparable(text: string): {text: string; numbers: number[]} {
  const numbers: number[] = [];
  const plain = `${text.trimEnd()}\n`
    .replaceAll(/[\d.,]+ m?s \([\d.,]+ (pictures )?a second\)/g, 'TIME')
    .replaceAll(/\d+\.\d{4,}/g, (number) => {
      numbers.push(Number(number));
      return 'NUMBER';
    });
  return {text: plain, numbers};
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
