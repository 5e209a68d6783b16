import {appendFileSync, copyFileSync, mkdirSync, rmSync} from 'node:fs';
import {basename, dirname, join, relative, sep} from 'node:path';
import {fromFileSystemError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import type {Json} from '../../common/json-value.ts';
import {toYaml} from '../../common/yaml.ts';
import type {RunDescription, TrackedEvent} from '../event.ts';
import type {FileTracker} from '../file-tracker.ts';
import {TRACKING_FOLDER} from '../journal.ts';
import {nest} from './nest.ts';

export const DVCLIVE_FOLDER = 'dvclive';
/** What a run before this one wrote there. Anything else in the folder is somebody's own. */
const OUTPUTS = ['metrics.json', 'params.yaml', 'plots', 'dvc.yaml'];
const CONFUSION_FILE = 'plots/sklearn/confusion_matrix.json';

/**
 * The folder that DVCLive would write: parameters, metrics, plots, and a `dvc.yaml` that names them, so that
 * `dvc exp show`, `dvc metrics diff` and `dvc plots` work. Each run replaces it: DVC keeps runs as commits or experiments.
 */
export class DvcLive implements FileTracker {
  readonly place: string;
  readonly #run: RunDescription;
  readonly #metrics: Record<string, number> = {};
  readonly #started = new Set<string>();
  readonly #yaml: {[key: string]: Json} = {params: ['params.yaml'], metrics: ['metrics.json']};

  constructor(run: RunDescription) {
    this.#run = run;
    this.place = join(run.cwd, DVCLIVE_FOLDER);
    this.#guard(() => {
      mkdirSync(this.place, {recursive: true});
      for (const name of OUTPUTS) rmSync(join(this.place, name), {recursive: true, force: true});
    });
    writeAtomically(join(this.place, 'params.yaml'), toYaml(run.config));
    writeAtomically(join(this.place, 'metrics.json'), '{}\n');
    this.#writeYaml();
  }

  write(event: TrackedEvent): void {
    this.#guard(() => {
      if (event.type === 'metrics') this.#plot(event.step, event.values);
      if (event.type === 'metrics' || event.type === 'summary') this.#note({...event.values, step: event.step});
      else if (event.type === 'picture') this.#picture(event.key, event.file);
      else if (event.type === 'confusion') this.#confusion(event.labels, event.matrix);
      else if (event.type === 'model') this.#model(event.model.path);
    });
  }

  close(): void {}

  #note(values: Record<string, number>): void {
    Object.assign(this.#metrics, values);
    writeAtomically(join(this.place, 'metrics.json'), `${JSON.stringify(nest(this.#metrics), null, 4)}\n`);
  }

  /** A row in the table of each metric. */
  #plot(step: number, values: Record<string, number>): void {
    for (const [name, value] of Object.entries(values)) {
      if (name === 'epoch') continue;
      const path = join(this.place, 'plots', 'metrics', `${name}.tsv`);
      if (!this.#started.has(name)) {
        mkdirSync(dirname(path), {recursive: true});
        appendFileSync(path, `step\t${basename(name)}\n`);
        this.#started.add(name);
        this.#plotted({'plots/metrics': {x: 'step'}});
      }
      appendFileSync(path, `${step}\t${value}\n`);
    }
  }

  #picture(key: string, file: string): void {
    const path = join(this.place, 'plots', 'images', `${key.replaceAll('/', '-')}-${basename(file)}`);
    mkdirSync(dirname(path), {recursive: true});
    copyFileSync(join(this.#run.folder, TRACKING_FOLDER, file), path);
    this.#plotted('plots/images');
  }

  /** A row for each picture, as the template counts them. */
  #confusion(labels: string[], matrix: number[][]): void {
    const rows = matrix.flatMap((row, i) =>
      row.flatMap((count, k) => new Array(count).fill({actual: labels[i], predicted: labels[k]})),
    );
    mkdirSync(join(this.place, dirname(CONFUSION_FILE)), {recursive: true});
    writeAtomically(join(this.place, CONFUSION_FILE), `${JSON.stringify(rows)}\n`);
    const about = {template: 'confusion', x: 'actual', y: 'predicted', title: 'Confusion Matrix'};
    this.#plotted({[CONFUSION_FILE]: about});
  }

  #model(path: string): void {
    this.#yaml.artifacts = {model: {path: relative(this.place, path).split(sep).join('/'), type: 'model'}};
    this.#writeYaml();
  }

  #plotted(plot: Json): void {
    const plots = (this.#yaml.plots ?? []) as Json[];
    if (plots.some((other) => JSON.stringify(other) === JSON.stringify(plot))) return;
    this.#yaml.plots = [...plots, plot];
    this.#writeYaml();
  }

  #writeYaml(): void {
    writeAtomically(join(this.place, 'dvc.yaml'), toYaml(this.#yaml));
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      throw fromFileSystemError(error, this.place, 'write');
    }
  }
}
