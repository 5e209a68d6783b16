import {shellWords} from '../common/shell-words.ts';
import type {RunRecord} from '../training/run/run-folder.ts';
import {differencesFromDefault} from './settings.ts';

/** The command that trains as this run was trained: the folder, and each setting that differs from the default. */
export function repeatCommand({dataset, configuration, settings: given = []}: RunRecord): string {
  const list = dataset.labelsFrom === undefined ? [] : ['--labels-from', dataset.labelsFrom];
  const corrections = dataset.corrections ? ['--corrections', dataset.corrections.file] : [];
  const settings = differencesFromDefault(configuration).flatMap(({name, value}) => {
    // A part of the configuration that has no flag follows from others, or from a version of rice.
    if (name.includes('.') || value === null) return [];
    if (value === true) return [`--${name}`];
    // The configuration has the name of a file alone.
    return [`--${name}`, String(name === 'pretrained' ? (givenAs('pretrained', given) ?? value) : value)];
  });
  if (givenAs('allowNonCommercial', given) === true) settings.push('--allow-non-commercial');
  return shellWords(['rice', 'train', dataset.root, ...list, ...corrections, ...settings]);
}

/** What a setting was given as; undefined where it was left out, or as what stands for the usual. */
function givenAs(name: string, settings: readonly unknown[]): unknown {
  const setting = (settings as {name?: string; value?: unknown}[]).find((each) => each?.name === name);
  return setting?.value === 'default' ? undefined : (setting?.value ?? undefined);
}
