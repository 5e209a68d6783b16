import {shellWords} from '../common/shell-words.ts';
import type {RunRecord} from '../training/run/run-folder.ts';
import {differencesFromDefault} from './settings.ts';

/** The command that trains as this run was trained: the folder, and each setting that differs from the default. */
export function repeatCommand({dataset, configuration}: RunRecord): string {
  const list = dataset.labelsFrom === undefined ? [] : ['--labels-from', dataset.labelsFrom];
  const corrections = dataset.corrections ? ['--corrections', dataset.corrections.file] : [];
  const settings = differencesFromDefault(configuration).flatMap(({name, value}) =>
    // A part of the configuration that has no flag follows from others, or from a version of rice.
    name.includes('.') || value === null ? [] : value === true ? [`--${name}`] : [`--${name}`, String(value)],
  );
  return shellWords(['rice', 'train', dataset.root, ...list, ...corrections, ...settings]);
}
