import {execFileSync} from 'node:child_process';
import {copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect} from 'chai';
import {calibrationOf, figuresOf} from '../../bench/trust/figures.ts';
import type {RawAnswer} from '../../bench/trust/raw-answer.ts';
import {targetTable} from '../../bench/trust/tables.ts';
import {trustTargets} from '../../bench/trust/targets.ts';

function answer(right: boolean, known: boolean, confidence = 0.95, change = 'blur'): RawAnswer {
  return {
    change,
    label: 'Arborio',
    path: 'x.jpg',
    predicted: right ? 'Arborio' : 'Ipsala',
    right,
    known: {'any-camera': known, 'same-camera': false},
    reasons: {...(known ? {} : {'any-camera': 'low confidence'}), 'same-camera': 'no grain'},
    confidence,
    probabilities: {Arborio: confidence, Ipsala: 1 - confidence},
  };
}

const TEN = [
  ...Array.from({length: 6}, () => answer(true, true)),
  answer(false, true),
  answer(true, false),
  answer(true, false),
  answer(false, false),
];

describe('the figures of the trust bench', () => {
  it('count answers that are right, accepted, and accepted and wrong', () => {
    const figures = figuresOf(TEN, 'any-camera');
    expect(figures).to.include({images: 10, accuracy: 0.8, accepted: 0.7, acceptedWrong: 0.1, rightAccepted: 0.6});
    expect(figures.rightOfAccepted).to.be.closeTo(6 / 7, 1e-12);
    expect(figures.acceptedOfRight).to.be.closeTo(6 / 8, 1e-12);
    expect(figures.reasons).to.deep.equal({'low confidence': 3});
    expect(figuresOf(TEN, 'same-camera')).to.deep.include({accepted: 0, reasons: {'no grain': 10}});
  });

  it('compare the confidence of accepted answers with how many are right', () => {
    const bins = calibrationOf(TEN, 'any-camera').filter(({answers}) => answers > 0);
    expect(bins).to.have.length(1);
    expect(bins[0]).to.include({from: 0.9, to: 0.97, answers: 7});
    expect(bins[0].right).to.be.closeTo(6 / 7, 1e-12);
    expect(bins[0].confidence).to.be.closeTo(0.95, 1e-12);
  });

  it('are held against targets, also where less is better', () => {
    const wrong = [...Array.from({length: 99}, () => answer(true, true)), answer(false, true)];
    const measured = {changed: new Map([['blur', wrong]]), clean: wrong, cameras: [], unknown: new Map()};
    const text = targetTable(trustTargets(measured, 'any-camera'));
    expect(text).to.include('| as they are: right | 99.000% | 99.90%, **missed** | 99.95%, **missed** |');
    expect(text).to.include('accepted and wrong | 1.000% | at most 0.50%, **missed** | at most 0.10%, **missed** |');
    expect(text).to.include(
      'mild changes: confidence 0.9 to 0.97 (100 answers), the worst bin, off by | 4.000% | at most 2.00%, **missed** | - |',
    );
    const right = {...measured, changed: new Map([['blur', wrong.slice(0, 99)]])};
    expect(targetTable(trustTargets(right, 'any-camera'))).to.include('wrong | 0.000% | at most 0.50%, reached');
  });
});

describe('bench/trust.ts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rice-trust-'));
  after(() => rmSync(folder, {recursive: true, force: true}));

  it('measures pictures, cameras and changes in both settings, and writes each answer', () => {
    const samples = fileURLToPath(new URL('../samples', import.meta.url));
    for (const name of readdirSync(samples).filter((file) => file.endsWith('.jpg'))) {
      const label = name[0].toUpperCase() + name.slice(1, name.indexOf('-'));
      for (const set of ['pictures', 'cameras']) {
        const to = join(folder, set, set === 'cameras' ? `${label}-phone` : label);
        mkdirSync(to, {recursive: true});
        copyFileSync(join(samples, name), join(to, name));
      }
    }
    const script = fileURLToPath(new URL('../../bench/trust.ts', import.meta.url));
    const [json, dump] = [join(folder, 'figures.json'), join(folder, 'answers.ndjson')];
    const flags = [
      '--part',
      'all',
      '--count',
      '0',
      '--cameras',
      join(folder, 'cameras'),
      '--json',
      json,
      '--dump',
      dump,
    ];
    const only = ['clean', 'cameras', 'kept-0.5', 'jpeg-30'].flatMap((name) => ['--only', name]);
    const text = execFileSync(
      process.execPath,
      ['--import', 'tsx', script, join(folder, 'pictures'), ...flags, ...only],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {...process.env, XDG_CACHE_HOME: join(folder, 'cache')},
      },
    );
    expect(text).to.include('### --trust any-camera, the default').and.to.include('### --trust same-camera');
    expect(text).to.include('| broken, 0.5 of the length kept: rejected | ');
    const {settings} = JSON.parse(readFileSync(json, 'utf8'));
    expect(settings).to.have.length(2);
    expect(settings[0].clean).to.include({images: 10, accuracy: 1});
    expect(settings[0].cameras['all that show a known variety']).to.include({images: 10, accuracy: 1});
    expect(settings[0].changed['jpeg-30']).to.include({images: 10, accuracy: 1});
    const lines = readFileSync(dump, 'utf8').trimEnd().split('\n');
    expect(lines).to.have.length(40);
    const answers: RawAnswer[] = lines.map((line) => JSON.parse(line));
    const lengths = (change: string) =>
      answers.filter((each) => each.change === change).map(({path, grain}) => ({path, length: grain?.length ?? 0}));
    for (const {path, length} of lengths('kept-0.5'))
      expect(length, path).to.be.lessThan(0.8 * lengths('clean').find((each) => each.path === path)!.length);
  });
});
