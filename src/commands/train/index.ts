import {existsSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import {Args} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {correctionsFlag, integerFlag, labelsFromFlag, pathFlag, textFlag} from '../../cli/flags.ts';
import {onStop} from '../../cli/signals.ts';
import {TeachView} from '../../cli/teach-view.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {shellWords} from '../../common/shell-words.ts';
import {DEFAULT_DATASET_FOLDERS} from '../../dataset/default-paths.ts';
import {RUNS_FOLDER} from '../../model/model-path.ts';
import {keepRun} from '../../runs/keep-run.ts';
import {NETWORKS} from '../../training/networks/index.ts';
import type {TrainingObserver} from '../../training/observer.ts';
import type {Extension} from '../../training/run/extend-run.ts';
import {DEFAULT_FOLDS} from '../../training/teach/default-folds.ts';
import {resumeTraining, startTraining, type TrainingEvents} from '../../training/train.ts';
import {trainingConfiguration, trainingFlags} from './flags.ts';
import {toldToParent} from './parent.ts';
import {pretrainedChoice, pretrainedFlags, requirePretrained, withUsualWeights} from './pretrained.ts';
import {teachFromFlags} from './teach.ts';
import {parseRegistered, trackersFromFlag, trackingFlags} from './tracking/flags.ts';
import {TrackedTraining} from './tracking/tracked-training.ts';
import {type TrackedResult, TrainingView} from './view.ts';

const networks = Object.entries(NETWORKS).map(([name, {summary}]) => `${name}: ${summary}`);

export default class Train extends BaseCommand<typeof Train> {
  static override summary = 'train a network on a folder of labeled pictures';
  static override description =
    `Reads DIR with one subfolder of pictures per label (DIR/Arborio/1.jpg, DIR/Basmati/1.jpg and so on) and trains in a separate process.
Every picture is decoded once and cached, so that the next run starts at once. The content of a picture and the split seed decide whether it belongs to the train, validation or test part.
The run folder gets the model (model.onnx), all settings, all metrics (results.csv), a page to look at in a browser (report.html), and checkpoints: --resume continues after Ctrl-C or a crash. On the CPU, the result is bit for bit the same as without the interruption.

Networks:
${networks.join('\n')}`;
  static override examples = [
    {description: 'The default network', command: '<%= config.bin %> train Rice_Image_Dataset'},
    {
      description: 'Other hyperparameters',
      command: '<%= config.bin %> train --lr 1e-4 --batch-size 50 --seed 1337',
    },
    {
      description: 'A larger network on a GPU',
      command: '<%= config.bin %> train Rice_Image_Dataset --arch resnet18 --device cuda',
    },
    {
      description: 'A network that others trained with a million photographs: its classifier alone, in a minute',
      command: '<%= config.bin %> train my-grains --arch efficientnet_lite0 --pretrained --freeze backbone',
    },
    {
      description: 'Varieties of your own, from the shipped model and a few pictures of each',
      command: '<%= config.bin %> train my-grains --from rice',
    },
    {description: 'Continue after an interruption', command: '<%= config.bin %> train --resume runs/grain4-1'},
    {description: 'Go on to 30 epochs', command: '<%= config.bin %> train --resume runs/grain4-1 --epochs 30'},
    {description: 'As good as it gets in ten minutes', command: '<%= config.bin %> train --max-minutes 10'},
  ];

  static override args = {
    dir: Args.string({
      description: `folder with one subfolder of pictures per label [default: the setting dataset, else ${DEFAULT_DATASET_FOLDERS.join(' or ')} if it exists]`,
    }),
  };

  static override flags = {
    ...pretrainedFlags,
    ...trainingFlags,
    ...trackingFlags,
    dataset: pathFlag({description: 'the same as DIR, for configuration files', helpValue: 'DIR'}),
    out: pathFlag({description: 'run folder [default: runs/<network>-<number>]', helpValue: 'DIR'}),
    'labels-from': labelsFromFlag,
    corrections: correctionsFlag,
    from: textFlag({
      description:
        'make a model of this one (rice for the model that comes with rice, a model file or the folder of a run) in seconds: its network stays, and only what tells the labels of DIR apart is learnt; for ten to some hundred pictures a label',
      helpValue: 'MODEL',
    }),
    folds: integerFlag({
      description: 'with --from: parts of the pictures, each of which is named by a model that has not seen it',
      default: DEFAULT_FOLDS,
      min: 2,
      max: 100,
    }),
    resume: pathFlag({
      description:
        'continue this run instead of starting one; --epochs, --patience and --max-minutes give it another end',
      helpValue: 'RUN',
    }),
    name: textFlag({
      description: 'name of the model, stored in its file [default: the name of the run folder]',
      helpValue: 'NAME',
    }),
    'model-version': textFlag({
      description: 'version of the model, stored in its file',
      default: '1.0.0',
      helpValue: 'VERSION',
    }),
  };

  override async init(): Promise<void> {
    this.argv = withUsualWeights(this.argv);
    await super.init();
  }

  async run() {
    const {flags} = this;
    if (flags.from !== undefined) {
      const {'labels-from': labelsFrom, ...given} = flags;
      return teachFromFlags(
        {...given, from: flags.from, labelsFrom, path: this.#dataset(), settings: this.settings},
        new TeachView({
          quiet: flags.quiet,
          style: this.style,
          print: (text) => this.log(text),
          warn: (text) => this.warn(text),
        }),
      );
    }
    const view = new TrainingView({
      quiet: flags.quiet,
      style: this.style,
      print: (text) => this.log(text),
      warn: (text) => {
        this.warn(text);
        tracked.line(`Warning: ${text}`);
      },
      onLine: (text) => tracked.line(text),
    });
    const tracked = this.#tracked(view);
    const stopping = new AbortController();
    const stop = () => {
      view.stopping();
      stopping.abort(
        new RiceError('TRAINING_INTERRUPTED', 'stopped before training began', {
          suggestions: ['Start again: the prepared pictures are cached.'],
        }),
      );
    };
    const release = onStop(stop);
    try {
      const result = await this.#train(toldToParent(view, stop), stopping.signal, [...keepRun(), tracked]);
      const all: TrackedResult = {...result, ...(tracked.deliveries.length > 0 ? {tracking: tracked.deliveries} : {})};
      view.result(all);
      return all;
    } finally {
      view.close();
      release();
    }
  }

  #tracked(view: TrainingView): TrackedTraining {
    const {track, 'track-project': project, 'metric-names': metricNames, register} = this.flags;
    return new TrackedTraining({
      trackers: trackersFromFlag(track),
      metricNames,
      project,
      register: register === undefined ? undefined : parseRegistered(register),
      warn: (message) => view.onWarning(message),
    });
  }

  async #train(view: TrainingEvents, signal: AbortSignal, observers: readonly TrainingObserver[]) {
    const {flags} = this;
    if (flags.resume !== undefined) {
      this.#rejectOtherSettings();
      return resumeTraining(runNamed(flags.resume), flags['model-version'], view, signal, observers, this.#extension());
    }
    requirePretrained(flags);
    const {'labels-from': labelsFrom, corrections} = flags;
    const dataset = this.#dataset();
    const {newRunFolder} = await import('../../training/run/run-folder.ts');
    const run = flags.out ?? newRunFolder(join(process.cwd(), RUNS_FOLDER), flags.arch);
    const {name = basename(resolve(run)), 'model-version': version} = flags;
    return startTraining(
      {
        dataset,
        labelsFrom,
        corrections,
        run,
        name,
        version,
        configuration: trainingConfiguration(flags),
        ...pretrainedChoice(flags),
        settings: this.settings,
      },
      view,
      signal,
      observers,
    );
  }

  #dataset(): string {
    const {flags, args} = this;
    const labelsFrom = flags['labels-from'];
    return args.dir ?? flags.dataset ?? (labelsFrom ? dirname(labelsFrom) : this.#defaultDataset());
  }

  /** The first default folder that exists. */
  #defaultDataset(): string {
    const found = DEFAULT_DATASET_FOLDERS.find((place) => existsSync(place));
    if (found !== undefined) return found;
    throw new RiceError(
      'USAGE',
      `no folder of pictures to train on was given, and ${DEFAULT_DATASET_FOLDERS[0]} does not exist here`,
      {
        suggestions: [
          'Download the dataset: rice fetch-data',
          'Give a folder: rice train DIR',
          'Or continue a run: rice train --resume RUN',
        ],
      },
    );
  }

  /** What the command line says of the end of a resumed run; what a file says was for new runs. */
  #extension(): Extension {
    const {epochs, patience, 'max-minutes': maxMinutes} = this.flags;
    const given = (name: string) => this.settings.some((each) => each.name === name && each.origin === 'flag');
    return {
      ...(given('epochs') ? defined({epochs}) : {}),
      ...(given('patience') ? defined({patience}) : {}),
      ...(given('maxMinutes') ? defined({maxMinutes}) : {}),
    };
  }

  /** A resumed run has its own settings: others would silently have no effect. */
  #rejectOtherSettings(): void {
    const allowed = ['resume', 'quiet', 'noColor', 'modelVersion', 'epochs', 'patience', 'maxMinutes'];
    const other = this.settings.find(({name, origin}) => origin === 'flag' && !allowed.includes(name));
    if (!other && this.args.dir === undefined) return;
    throw new RiceError(
      'USAGE',
      `${other ? `the setting ${other.name}` : 'a folder of pictures'} cannot be given with --resume: the run has its own`,
      {
        suggestions: [`rice train --resume ${shellWords([this.flags.resume!])}`],
      },
    );
  }
}

/** The folder of a run; a name alone is that of a run in `runs`, as with --model. */
function runNamed(path: string): string {
  const named = join(RUNS_FOLDER, path);
  return !existsSync(path) && basename(path) === path && existsSync(named) ? named : path;
}
