import {availableParallelism} from 'node:os';
import {Args, Flags} from '@oclif/core';
import {benchmark} from '../../benchmarking/benchmark.ts';
import {benchmarkChart} from '../../benchmarking/chart/chart.ts';
import {type ModelFacts, readModelFacts} from '../../benchmarking/model-facts.ts';
import {renderBenchmarkPage} from '../../benchmarking/report/page.ts';
import {BaseCommand} from '../../cli/base-command.ts';
import {checkReport} from '../../cli/check-report.ts';
import {columnsOf} from '../../cli/fit.ts';
import {integerFlag, labelsFromFlag, numberFlag, pathFlag, sharedFlags, withEffectiveDefault} from '../../cli/flags.ts';
import {onStop} from '../../cli/signals.ts';
import {defined} from '../../common/defined.ts';
import {RiceError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {shellWords} from '../../common/shell-words.ts';
import {PARTS} from '../../dataset/split.ts';
import {MAX_BATCH} from '../../model/classifier.ts';
import {shippedModel} from '../../model/model-file.ts';
import {checkChart} from './check-chart.ts';
import {benchmarkCsv} from './csv.ts';
import {devicesFlag, numbersFlag} from './flags.ts';
import {renderBenchmark} from './text.ts';
import {BenchmarkView} from './view.ts';

const {trust: _trust, device: _device, threads: _threads, ...modelFlags} = sharedFlags;

export default class BenchmarkCommand extends BaseCommand<typeof BenchmarkCommand> {
  static override summary = 'measure speed, memory and accuracy of models on this machine, side by side';
  static override description =
    `Measures each MODEL on each device and number of threads in processes of its own: images a second of the network alone and of the whole way from the bytes of a picture to an answer, the time of a call, the time from the start of a process to its first answer, and the most memory it took. With --data also the accuracy, so that a faster model shows what it costs.
Models take turns in --rounds rounds, and are compared within each: 1.9x (1.8 to 2.0) is as many times as fast as the first, with the interval of 95 %.
On a machine that other programs keep busy nothing is measured, unless --allow-busy marks every figure as taken there.`;
  static override examples = [
    {
      description: 'The model that rice predict uses, on every device that works here',
      command: '<%= config.bin %> benchmark',
    },
    {
      description: 'Two models side by side, with their accuracy on the test part of a dataset',
      command: '<%= config.bin %> benchmark runs/mine/model.onnx mine-int8.onnx --data dataset',
    },
    {
      description: 'One and two threads, one picture at a time and many',
      command: '<%= config.bin %> benchmark --device cpu --threads 1,2 --batch-size 1,64',
    },
    {
      description: 'As a chart, and as JSON',
      command: '<%= config.bin %> benchmark --chart speed.svg --json --output speed.json',
    },
  ];

  static override args = {
    models: Args.string({
      description:
        'models to measure: rice for the one that comes with it, files, runs, last or best, as for --model; the others are compared with the first [default: --model]',
      multiple: true,
      ignoreStdin: true,
    }),
  };

  static override flags = {
    ...modelFlags,
    device: devicesFlag({
      description: 'where to compute: cpu, cuda, webgpu, dml, several with commas, or auto for each that works here',
      default: 'auto',
    }),
    threads: withEffectiveDefault(
      numbersFlag({
        description: 'CPU threads to compute with, several numbers with commas [default: one per core]',
        max: 1024,
      }),
      availableParallelism,
    ),
    'batch-size': numbersFlag({
      description: 'pictures per call, several numbers with commas',
      max: MAX_BATCH,
      default: [1, 8, 64],
    }),
    seconds: numberFlag({
      description: 'seconds of each measurement in each round',
      default: 1,
      min: 0.01,
      max: 600,
    }),
    rounds: integerFlag({
      description: 'rounds, in each of which every model has its turn',
      default: 5,
      min: 1,
      max: 100,
    }),
    data: pathFlag({
      description:
        'measure the accuracy, too, and the speed with these pictures: a folder with one subfolder per variety',
      helpValue: 'DIR',
    }),
    'labels-from': {...labelsFromFlag, dependsOn: ['data']},
    part: Flags.option({options: ['all', ...PARTS] as const})({
      description:
        'with --data: which part of the split that the first model records [default: test; all if no model records one]',
      dependsOn: ['data'],
    }),
    limit: integerFlag({
      description: 'with --data: only N pictures, equally many of each variety',
      min: 1,
      dependsOn: ['data'],
    }),
    'allow-busy': Flags.boolean({
      description: 'measure although other programs use the machine, and mark every figure',
    }),
    chart: pathFlag({
      description:
        'draw the speeds as bars with their intervals, and with --data the accuracy over the speed: one SVG file',
      helpValue: 'FILE.svg',
    }),
    report: pathFlag({
      description: 'write an HTML page with the charts and all figures: one file that needs no network',
      helpValue: 'FILE.html',
    }),
    format: Flags.option({options: ['table', 'csv'] as const})({
      description: 'how to print the figures',
      default: 'table',
    }),
  };

  async run() {
    const {flags} = this;
    const {chart, report} = flags;
    if (chart !== undefined) checkChart(chart, flags.output);
    if (report !== undefined) checkReport(report, flags.output, 'speed.html');
    const models = this.#models();
    const view = new BenchmarkView(flags.quiet, (message) => this.warn(message));
    const stopping = new AbortController();
    const release = onStop(() => {
      stopping.abort(new RiceError('BENCHMARK_INTERRUPTED', 'stopped before the end, so there is no result'));
    });
    try {
      const measured = await benchmark(
        {
          models,
          devices: flags.device,
          threads: flags.threads ?? [availableParallelism()],
          batchSizes: flags['batch-size'],
          seconds: flags.seconds,
          rounds: flags.rounds,
          maxPixels: flags['max-pixels'],
          allowBusy: flags['allow-busy'],
          cacheDir: cacheFolder(),
          signal: stopping.signal,
          ...defined({labeled: this.#labeled()}),
        },
        view,
      );
      view.close();
      if (chart !== undefined) writeAtomically(chart, benchmarkChart(measured));
      if (report !== undefined)
        writeAtomically(report, renderBenchmarkPage(measured, shellWords(['rice', 'benchmark', ...this.argv])));
      this.log(
        flags.format === 'csv'
          ? benchmarkCsv(measured).slice(0, -1)
          : renderBenchmark(measured, {style: this.style, columns: columnsOf(this.output.stream)}),
      );
      return {...measured, ...defined({chart, report})};
    } finally {
      view.close();
      release();
    }
  }

  /** As they were named; the same one twice gets two names. */
  #models(): ModelFacts[] {
    const {models = []} = this.args as {models?: string[]};
    const {model} = this.flags;
    const named = models.length > 0 ? models : model === undefined ? [] : [model];
    const warn = (message: string) => this.warn(message);
    if (named.length === 0) return [readModelFacts(shippedModel())];
    return named.map((path, i) => {
      const before = named.slice(0, i).filter((other) => other === path).length;
      return readModelFacts(path, before === 0 ? path : `${path} (${before + 1})`, warn);
    });
  }

  #labeled() {
    const {data, part, limit, 'labels-from': labelsFrom} = this.flags;
    return data === undefined ? undefined : {dir: data, part, limit, labelsFrom};
  }
}
