import {DEFAULT_TRUST, type Trust} from '../../src/model/trust.ts';
import {KINDS} from '../unknown-objects/kinds.ts';
import type {TrustChange} from './changes/change.ts';
import {type Bin, calibrationOf, type Figures, figuresOf} from './figures.ts';
import {grouped} from './grouped.ts';
import type {RawAnswer} from './raw-answer.ts';
import {calibrationTable, figureTable, foundTable, type Target, targetTable} from './tables.ts';
import {mildAnswers, trustTargets} from './targets.ts';

/** All answers of a model that were asked for; empty lists for what was not. */
export interface Measured {
  /** Of the model. */
  labels: readonly string[];
  /** To the pictures as they are. */
  clean: readonly RawAnswer[];
  changed: readonly RawAnswer[];
  /** To real pictures by other cameras; the label of what is none of the model's is the folder's name. */
  cameras: readonly RawAnswer[];
  /** To grains cut out of photographs of many. */
  boxed: readonly RawAnswer[];
  /** To pictures of what is none of the labels, and to drawn ones. */
  given: readonly RawAnswer[];
  drawn: readonly RawAnswer[];
}

/** What is said of one setting, as figures and as sections of Markdown. */
export interface TrustReport {
  trust: Trust;
  targets: readonly Target[];
  clean: Figures;
  /** By name of the change, camera, photograph or set. */
  changed: Record<string, Figures>;
  cameras: Record<string, Figures>;
  boxes: Record<string, Figures>;
  unknown: Record<string, Figures>;
  /** Accepted answers under mild changes. */
  calibration: readonly Bin[];
  text: readonly string[];
}

type Row = readonly [title: string, figures: Figures];

export function trustReport(measured: Measured, changes: readonly TrustChange[], trust: Trust): TrustReport {
  const {labels, clean, cameras, boxed, given, drawn} = measured;
  const changed = grouped(measured.changed, ({change}) => change);
  const row = (title: string, answers: readonly RawAnswer[]): Row => [title, figuresOf(answers, trust)];
  const rows = (groups: ReadonlyMap<string, readonly RawAnswer[]>) =>
    Array.from(groups, ([name, answers]) => row(name, answers));
  const named = cameras.filter(({label}) => labels.includes(label));
  const foreign = new Set(KINDS.filter(({group}) => group === 'foreign').map(({name}) => name));
  const sets = grouped(given, ({label}) => label);
  const kinds = drawn.filter(({label}) => foreign.has(label));
  if (kinds.length > 0) sets.set('foreign kinds, drawn', kinds);
  const targets = trustTargets({changed, clean, cameras: named, unknown: sets}, trust);
  const bins = calibrationOf(mildAnswers(changed), trust);
  const byChange = changes.map(({title, name}) => row(title, changed.get(name) ?? []));
  const byCamera = withTotal(rows(grouped(cameras, folderOf)), row('all that show a known variety', named));
  const byPhotograph = withTotal(rows(grouped(boxed, folderOf)), row('all', boxed));
  const bySet = [...rows(sets), ...rows(grouped(drawn, ({label}) => label))];
  const whole = clean.length > 0 ? [row('the whole part, as they are', clean)] : [];
  const section = (title: string, rows: readonly unknown[], text: () => string) =>
    rows.length === 0 ? [] : [...(title === '' ? [] : [title]), text()];
  return {
    trust,
    targets,
    clean: figuresOf(clean, trust),
    changed: Object.fromEntries(changes.map(({name}, i) => [name, byChange[i][1]])),
    cameras: Object.fromEntries(byCamera),
    boxes: Object.fromEntries(byPhotograph),
    unknown: Object.fromEntries(bySet),
    calibration: bins,
    text: [
      `### --trust ${trust}${trust === DEFAULT_TRUST ? ', the default' : ''}`,
      ...section('', targets, () => targetTable(targets)),
      ...section('', [...whole, ...byChange], () => figureTable([...whole, ...byChange])),
      ...section(
        'Accepted answers under mild changes, pooled:',
        bins.filter(({answers}) => answers > 0),
        () => calibrationTable(bins),
      ),
      ...section('Real pictures by other cameras:', byCamera, () => figureTable(byCamera)),
      ...section('Whole grains cut out of photographs of many, of any variety:', byPhotograph, () =>
        foundTable(byPhotograph),
      ),
      ...section('What is none of the varieties:', bySet, () => figureTable(bySet)),
    ],
  };
}

function folderOf({path}: RawAnswer): string {
  return path.split('/')[0];
}

function withTotal(rows: readonly Row[], total: Row): readonly Row[] {
  return total[1].images === 0 ? rows : [...rows, total];
}
