import {execFileSync} from 'node:child_process';
import {randomInt} from 'node:crypto';
import {hostname} from 'node:os';
import {basename, resolve} from 'node:path';
import type {Json} from '../../../common/json-value.ts';
import {shellWords} from '../../../common/shell-words.ts';
import type {RunDescription} from '../../../tracking/event.ts';
import type {RunRecord} from '../../../training/run/run-folder.ts';

const ID_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 8;
const GIT_PATIENCE_MS = 2000;

/** What trackers are told of a run, from its record. */
export function describeRun(
  run: string,
  {configuration, dataset, versions, machine}: RunRecord,
  {project, register}: Pick<RunDescription, 'project' | 'register'>,
): RunDescription {
  const {split, labels, digest, images, root} = dataset;
  const config = {
    ...configuration,
    labels: Object.keys(labels).length,
    dataset: {digest, images, train: split.images.train, validation: split.images.validation, test: split.images.test},
  };
  return {
    id: Array.from({length: ID_LENGTH}, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join(''),
    name: basename(resolve(run)),
    folder: resolve(run),
    cwd: process.cwd(),
    project,
    register,
    // Without what is undefined.
    config: JSON.parse(JSON.stringify(config)) as {[key: string]: Json},
    dataset: {name: basename(root), digest, source: resolve(root), images, labels},
    command: shellWords(['rice', ...process.argv.slice(2)]),
    commit: commitOf(process.cwd()),
    host: hostname(),
    versions: {rice: versions.rice, node: versions.node},
    machine,
  };
}

/** The commit of the repository that the folder is in, if any. */
function commitOf(folder: string): string | undefined {
  try {
    return (
      execFileSync('git', ['rev-parse', 'HEAD'], {
        cwd: folder,
        timeout: GIT_PATIENCE_MS,
        stdio: ['ignore', 'pipe', 'ignore'],
        windowsHide: true,
      })
        .toString()
        .trim() || undefined
    );
  } catch {
    return undefined;
  }
}
