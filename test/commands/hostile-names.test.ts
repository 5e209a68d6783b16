import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {rice, temporaryFolder} from '../cli/rice.ts';
import {grainJpeg, writeColorModel} from './pictures.ts';

/** Clears the screen, sets the title of the window, and the same in the eight bits of C1. */
const HOSTILE = '\u001b[2J\u001b]0;x\u0007\u009b2J\u202e';
/** What may reach a terminal that shows no colors: everything but control characters and changes of direction. */
const CLEAN = /^[^\p{Cc}\u202A-\u202E]*$/u;

describe('names with control characters', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);

  before(function () {
    if (process.platform === 'win32') this.skip();
    const data = at(`data${HOSTILE}`);
    for (const [label, color] of [
      ['Blue', 'Blue'],
      [`Red${HOSTILE}`, 'Red'],
    ] as const) {
      mkdirSync(join(data, label), {recursive: true});
      for (let i = 0; i < 40; i++) writeFileSync(join(data, label, `${i}${HOSTILE}.jpg`), grainJpeg(color, i + 1));
    }
    writeFileSync(join(data, 'Blue', `bad${HOSTILE}.jpg`), 'no picture');
    mkdirSync(at(`cache${HOSTILE}`));
    writeColorModel(at('color.onnx'));
  });

  const calls: [name: string, ...args: string[]][] = [
    ['predict', 'predict', `data${HOSTILE}`, '--recursive'],
    ['predict, as CSV', 'predict', `data${HOSTILE}`, '--recursive', '--format', 'csv'],
    ['predict, as JSON', 'predict', `data${HOSTILE}`, '--recursive', '--format', 'json'],
    ['predict, as NDJSON', 'predict', `data${HOSTILE}`, '--recursive', '--format', 'ndjson'],
    ['predict, of nothing', 'predict', `gone${HOSTILE}`, '--json'],
    ['evaluate', 'evaluate', `data${HOSTILE}`],
    ['evaluate, as JSON', 'evaluate', `data${HOSTILE}`, '--json'],
    ['train', 'train', `data${HOSTILE}`, '--epochs', '1', '--batch-size', '8', '--out', `run${HOSTILE}`],
    ['fetch-data', 'fetch-data', '--verify', `data${HOSTILE}`],
    ['config', 'config'],
    ['clean', 'clean', '--dry-run'],
    ['doctor', 'doctor'],
  ];
  for (const [name, ...args] of calls)
    it(`do not reach the terminal: ${name}`, async () => {
      const env = {RICE_MODEL: at('color.onnx'), RICE_CACHE_DIR: at(`cache${HOSTILE}`), RICE_DATASET: HOSTILE};
      const {stdout, stderr, code} = await rice(args, {cwd: folder(), env});
      expect(stdout + stderr).not.to.equal('');
      if (args[0] === 'train') expect(code, stderr).to.equal(0);
      for (const line of `${stdout}\n${stderr}`.split('\n')) expect(line).to.match(CLEAN);
    });
});
