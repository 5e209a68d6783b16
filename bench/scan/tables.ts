import {formatCount} from '../../src/cli/format.ts';
import {table} from '../trust/tables.ts';
import {
  brokenFigures,
  countErrors,
  lengthFigures,
  lieFigures,
  maskFigures,
  namedFigures,
  shareFigures,
} from './figures.ts';
import type {SceneOutcome} from './measure-scene.ts';
import type {PhotographOutcome} from './photographs.ts';
import type {TimeOutcome} from './time.ts';

/** A share as a percentage; `-` where nothing was measured. */
export function percent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : '-';
}

const DARK = ['black felt', 'blue'];

interface Goal {
  measure: string;
  /** Missing if nothing was measured. */
  measured: number;
  least: number;
  aim: number;
  /** Whether less is better. */
  less?: boolean;
  points?: boolean;
}

/** What was set as goals, and what was reached. */
export function goalTable(scenes: readonly SceneOutcome[]): string {
  const dark = scenes.filter(({options}) => DARK.includes(options.ground));
  const on = (ground: string) => scenes.filter(({options}) => options.ground === ground);
  const darkAt = (...overlaps: (number | 'touching')[]) =>
    dark.filter(({options}) => overlaps.includes(options.overlap ?? 0));
  const masks = {dark: maskFigures(dark), white: maskFigures(on('white'))};
  const goals: Goal[] = [
    count('apart or touching, black and blue', darkAt(0, 'touching'), 0.01, 0.005),
    count('overlap 5 %, black and blue', darkAt(0.05), 0.02, 0.01),
    count('overlap 15 %, black and blue', darkAt(0.15), 0.03, 0.02),
    count('overlap 25 %, black and blue', darkAt(0.25), 0.05, 0.03),
    count('white with shadow', on('white'), 0.05, 0.02),
    {measure: 'masks, recall, black and blue', measured: masks.dark.recall, least: 0.97, aim: 0.99},
    {measure: 'masks, precision, black and blue', measured: masks.dark.precision, least: 0.98, aim: 0.99},
    {measure: 'masks, recall, white', measured: masks.white.recall, least: 0.92, aim: 0.99},
    {measure: 'masks, precision, white', measured: masks.white.precision, least: 0.95, aim: 0.99},
    ...['black felt', 'blue', 'white'].map((ground) => ({
      measure: `whole grains named right and accepted, ${ground}`,
      measured: namedFigures(on(ground)).accepted,
      least: 0.85,
      aim: 0.95,
    })),
    ...['black felt', 'blue', 'white'].map((ground) => ({
      measure: `shares by variety, mean error, ${ground}`,
      measured: shareFigures(on(ground)).mean,
      least: 2,
      aim: 1,
      less: true,
      points: true,
    })),
    {
      measure: 'length, lone grains, median',
      measured: lengthFigures(scenes).feret,
      least: 0.015,
      aim: 0.01,
      less: true,
    },
    {measure: 'broken (kept at most 0.6) found', measured: brokenFigures(scenes).found, least: 0.95, aim: 0.98},
    {measure: 'whole called broken', measured: brokenFigures(scenes).falsely, least: 0.02, aim: 0.02, less: true},
  ];
  const rows = goals.map(({measure, measured, least, aim, less, points}) => {
    const show = (value: number) =>
      points ? (Number.isFinite(value) ? `${value.toFixed(1)} points` : '-') : percent(value);
    const reached = (goal: number) => (less ? measured <= goal : measured >= goal);
    const outcome = (goal: number) =>
      Number.isFinite(measured) ? `${show(goal)}, ${reached(goal) ? 'reached' : '**missed**'}` : show(goal);
    return [measure, show(measured), outcome(least), outcome(aim)];
  });
  return table(['measure', 'measured', 'goal', 'aim'], 'lrrr', rows);
}

function count(measure: string, scenes: readonly SceneOutcome[], least: number, aim: number): Goal {
  const measured = scenes.length === 0 ? Number.NaN : countErrors(scenes).error;
  return {measure: `count, error, ${measure}`, measured, least, aim, less: true};
}

/** Scenes by a property, in the order of their first ones. */
function groups(
  scenes: readonly SceneOutcome[],
  name: (scene: SceneOutcome) => string,
): (readonly [string, SceneOutcome[]])[] {
  const names = [...new Set(scenes.map(name))].sort((a, b) => a.localeCompare(b, 'en', {numeric: true}));
  return names.map((each) => [each, scenes.filter((scene) => name(scene) === each)] as const);
}

export function overlapName({options: {overlap = 0}}: SceneOutcome): string {
  return overlap === 'touching' ? 'touching' : overlap === 0 ? '0 (apart)' : percent(overlap, 0);
}

export function countTable(scenes: readonly SceneOutcome[]): string {
  const rows = groups(scenes, ({options}) => options.ground).flatMap(([ground, on]) =>
    groups(on, overlapName).map(([overlap, those]) => {
      const {scenes: number, error, bias, byArea} = countErrors(those);
      const {recall, precision, iou} = maskFigures(those);
      return [
        ground,
        overlap,
        String(number),
        percent(error),
        percent(bias),
        percent(byArea),
        percent(recall),
        percent(precision),
        iou.toFixed(3),
      ];
    }),
  );
  const head = ['ground', 'overlap', 'scenes', 'count error', 'bias', 'by area', 'recall', 'precision', 'mean IoU'];
  return table(head, 'llrrrrrrr', rows);
}

export function nameTable(scenes: readonly SceneOutcome[]): string {
  const row = ([name, those]: readonly [string, SceneOutcome[]]) => {
    const {grains, found, right, accepted, rightOfFound, wrongOfAccepted} = namedFigures(those);
    const [shares, known] = [shareFigures(those), shareFigures(those, true)];
    return [
      name,
      formatCount(grains),
      percent(found),
      percent(right),
      percent(accepted),
      percent(rightOfFound, 2),
      percent(wrongOfAccepted, 2),
      `${shares.mean.toFixed(1)}, ${shares.largest.toFixed(1)}`,
      `${known.mean.toFixed(1)}, ${known.largest.toFixed(1)}`,
    ];
  };
  const dark = scenes.filter(({options}) => options.ground === 'black felt');
  const rows = [
    ...groups(scenes, ({options}) => options.ground).map(row),
    ...groups(dark, overlapName).map(([name, those]) => row([`black felt, overlap ${name}`, those])),
  ];
  const head = [
    'whole grains on',
    'grains',
    'found',
    'right',
    'right and accepted',
    'right, of found',
    'wrong, of accepted',
    'shares: error, largest',
    'of accepted: error, largest',
  ];
  return table(head, 'lrrrrrrrr', rows);
}

export function lieTable(scenes: readonly SceneOutcome[]): string {
  const rows = lieFigures(scenes).map(({lie, grains, right, accepted, calledBroken}) => [
    lie,
    formatCount(grains),
    percent(right),
    percent(accepted),
    percent(calledBroken),
  ]);
  return table(['a whole grain that', 'grains', 'right', 'right and accepted', 'called broken'], 'lrrrr', rows);
}

export function shapeTable(scenes: readonly SceneOutcome[]): string {
  const rows = groups(scenes, ({options}) => options.ground).map(([name, those]) => {
    const lengths = lengthFigures(those);
    const {broken, found, foundOfGraded, whole, falsely, falselyAlone} = brokenFigures(those);
    return [
      name,
      formatCount(lengths.grains),
      percent(lengths.feret, 2),
      percent(lengths.bias, 2),
      percent(lengths.worst, 2),
      percent(lengths.length, 2),
      percent(lengths.mm, 2),
      `${percent(found)} of ${formatCount(broken)}`,
      percent(foundOfGraded),
      `${percent(falsely)} of ${formatCount(whole)}`,
      percent(falselyAlone),
    ];
  });
  const head = [
    'ground',
    'lone grains',
    'largest Feret, median error',
    'median with sign',
    '95 % below',
    'rectangle',
    'mm',
    'broken found',
    'of graded',
    'whole called broken',
    'of lone ones',
  ];
  return table(head, 'lrrrrrrrrrr', rows);
}

/** The scenes that were answered worst, with what repeats them. */
export function worstTable(scenes: readonly SceneOutcome[], most: number): string {
  const badness = ({count: number, found, masks}: SceneOutcome) =>
    Math.abs(found - number) / number + (1 - masks.matched / masks.truth) + (1 - masks.matched / (masks.found || 1));
  const rows = [...scenes]
    .sort((a, b) => badness(b) - badness(a))
    .slice(0, most)
    .map((scene) => {
      const {options, masks} = scene;
      return [
        String(scene.number),
        options.ground,
        overlapName(scene),
        `${options.width} x ${options.height}`,
        options.scale.toFixed(2),
        String(scene.count),
        String(scene.found),
        percent(masks.matched / masks.truth),
        percent(masks.matched / masks.found),
      ];
    });
  const head = ['scene', 'ground', 'overlap', 'size', 'scale', 'grains', 'found', 'recall', 'precision'];
  return table(head, 'rllrrrrrr', rows);
}

export function photographTable(photographs: readonly PhotographOutcome[]): string {
  const rows = photographs.map(({path, truth, count: found, byArea, objects, boxes, broken, seconds, error}) => [
    path,
    truth === undefined ? '-' : String(truth),
    error ?? String(found),
    truth === undefined || error !== undefined ? '-' : percent((found - truth) / truth),
    error === undefined ? byArea.toFixed(0) : '-',
    String(objects),
    boxes ? percent(boxes.hit) : '-',
    boxes ? String(boxes.outside) : '-',
    broken === undefined ? '-' : percent(broken),
    seconds.toFixed(1),
  ]);
  const head = ['photograph', 'grains or boxes', 'found', 'error', 'by area', 'things'];
  return table([...head, 'boxes hit', 'outside of boxes', 'broken', 'seconds'], 'lrrrrrrrrr', rows);
}

export function timeTable(times: readonly TimeOutcome[]): string {
  const rows = times.map(({what, wall, cpu, peak, answer}) => [
    what,
    `${wall.toFixed(2)} s`,
    `${cpu.toFixed(2)} s`,
    `${peak.toFixed(0)} MB`,
    answer,
  ]);
  return table(['process', 'wall time', 'processor time', 'peak memory', 'answer'], 'lrrrl', rows);
}
