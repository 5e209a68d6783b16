import type {ChalkInstance} from 'chalk';
import type {Accuracy} from '../../benchmarking/measure-accuracy.ts';
import type {Benchmark, Configuration, Result} from '../../benchmarking/types.ts';
import {displayPath} from '../../cli/display-path.ts';
import {shortenPath, wrapWords} from '../../cli/fit.ts';
import {formatAmount, formatBytes, formatCount, formatDuration, formatPercent, formatRate} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {isUtf8} from '../../cli/style.ts';
import {displayWidth, renderTable} from '../../cli/table.ts';

/** Columns that the name of a model takes at most. */
const LONGEST_NAME = 28;
/** Stands before each figure that was taken on a busy machine. */
const BUSY_MARK = '~';

/** A column of a table; one that is not `essential` is left out where the terminal is too narrow. */
interface Column<Row> {
  title: string;
  align: 'l' | 'r';
  essential?: boolean;
  cell(row: Row): string;
}

/** What was measured as text: the machine, a table of the models, and one of speeds for each way. */
export function renderBenchmark(
  measured: Benchmark,
  {style, columns}: {style: ChalkInstance; columns: number},
): string {
  const speeds = (decoding: boolean) =>
    measured.configurations.flatMap((configuration) =>
      configuration.results.filter((result) => result.decoding === decoding).map((result) => ({configuration, result})),
    );
  const table = <Row>(title: string, rows: Row[], all: Column<Row>[]) =>
    `${style.bold(title)}\n${fittingTable(rows, all, style, columns)}`;
  const legend = comparison(measured);
  return [
    heading(measured, style, columns),
    table('Models', measured.configurations, modelColumns(measured)),
    table('Without decoding: the network alone', speeds(false), speedColumns(measured)),
    table('With decoding: from the bytes of pictures to answers', speeds(true), speedColumns(measured)),
    ...(legend === undefined ? [] : [style.dim(wrapWords(legend, columns, 2))]),
  ].join('\n\n');
}

function heading(measured: Benchmark, style: ChalkInstance, columns: number): string {
  const {machine, rounds, seconds, configurations, unavailable} = measured;
  const {cpu, cores, memory, gpu, os, node, onnxruntime, rice} = machine;
  const about = [
    `${cpu}, ${formatAmount(cores, 'core')}, ${formatBytes(memory)} of memory, ${gpu === null ? '' : `${gpu}, `}${os}`,
    `rice ${rice}, Node ${node}, onnxruntime ${onnxruntime ?? 'unknown'}, ${measured.date.slice(0, 10)}`,
    `${describePictures(measured)}; ${formatAmount(rounds, 'round')} of ${seconds} s for each figure${describePlace(configurations)}`,
  ].map((line) => wrapWords(printable(line), columns, 2));
  const missing = [...new Set(unavailable.map(({device}) => device))];
  return [
    ...about,
    ...(missing.length > 0 ? [style.dim(`not available here: ${missing.join(', ')}`)] : []),
    ...(measured.busy ? [style.yellow(wrapWords(busyLine(measured), columns, 2))] : []),
  ].join('\n');
}

function busyLine({loads}: Benchmark): string {
  const most = Math.max(...loads.map(({others}) => others));
  return `${BUSY_MARK} marks figures taken on a busy machine: other programs took up to ${formatPercent(most, 0)} of the processor`;
}

function describePictures({pictures, configurations}: Benchmark): string {
  const {folder, part, count, bytes} = pictures;
  const size = formatBytes(bytes / count);
  if (folder === null) return `${formatCount(count)} drawn pictures, JPEGs of ${size}`;
  const of = part === null || part === 'all' ? '' : `the ${part} part of `;
  const judged = Math.max(...configurations.map(({accuracy}) => accuracy?.images ?? 0));
  return `accuracy on ${formatAmount(judged, 'picture')} of ${of}${displayPath(folder)}, speed on ${formatCount(count)} of them (${size} on average)`;
}

/** What all configurations have in common, since no column says it. */
function describePlace(configurations: readonly Configuration[]): string {
  const {device, threads} = configurations[0];
  const all = <T>(pick: (configuration: Configuration) => T) => new Set(configurations.map(pick)).size === 1;
  const on = all((each) => each.device) ? ` on ${device}` : '';
  return all((each) => each.threads) ? `${on} with ${formatAmount(threads, 'thread')}` : on;
}

/** Needed where there are both other models and other places. */
function comparison({models, configurations}: Benchmark): string | undefined {
  const [first] = models;
  const places = configurations.filter(({model}) => model === first.label).length;
  if (models.length === 1 || places === 1) return undefined;
  return `"to the first": other models to ${printable(first.label)} on the same device with as many threads, and that to its own first line`;
}

function modelColumns(measured: Benchmark): Column<Configuration>[] {
  const {models, configurations, busy} = measured;
  const entryOf = ({model}: Configuration) => models.find(({label}) => label === model)!;
  const mark = busy ? BUSY_MARK : '';
  const accuracies = configurations.some(({accuracy}) => accuracy !== null);
  const compared = configurations.some(({accuracy}) => accuracy?.sameAsFirst != null);
  return [
    ...placeColumns(measured, (configuration: Configuration) => configuration),
    {title: 'version', align: 'l', cell: (row) => printable(entryOf(row).version)},
    {title: 'file', align: 'r', essential: true, cell: (row) => formatBytes(entryOf(row).bytes)},
    {title: 'parameters', align: 'r', cell: (row) => orDash(entryOf(row).parameters, formatCount)},
    ...(accuracies ? accuracyColumns(compared) : []),
    {
      title: 'start',
      align: 'r',
      essential: true,
      cell: ({startUpSeconds}) => `${mark}${formatDuration(startUpSeconds.value)}`,
    },
    {title: 'memory', align: 'r', essential: true, cell: ({peakMemory}) => `${mark}${formatBytes(peakMemory)}`},
  ];
}

function accuracyColumns(compared: boolean): Column<Configuration>[] {
  const column = (title: string, essential: boolean, text: (accuracy: Accuracy) => string): Column<Configuration> => ({
    title,
    align: 'r',
    essential,
    cell: ({accuracy}) => (accuracy === null ? '-' : text(accuracy)),
  });
  const same = ({sameAsFirst, images}: Accuracy) => orDash(sameAsFirst, (count) => formatPercent(count / images, 2));
  return [
    column('accuracy', true, ({accuracy}) => formatPercent(accuracy, 2)),
    column(
      '95 % interval',
      false,
      ({interval: {low, high}}) => `${formatPercent(low, 2)} to ${formatPercent(high, 2)}`,
    ),
    ...(compared ? [column('as the first', false, same)] : []),
  ];
}

interface Speed {
  configuration: Configuration;
  result: Result;
}

function speedColumns(measured: Benchmark): Column<Speed>[] {
  const mark = measured.busy ? BUSY_MARK : '';
  const compared = measured.configurations.length > 1;
  const rate = ({imagesPerSecond: {low, high}}: Result) =>
    low === null || high === null ? '-' : `${formatRate(low)} to ${formatRate(high)}`;
  const time = (title: string, essential: boolean, pick: (result: Result) => number | null): Column<Speed> => ({
    title,
    align: 'r',
    essential,
    cell: ({result}) => orDash(pick(result), (value) => mark + formatMilliseconds(value)),
  });
  return [
    ...placeColumns(measured, ({configuration}: Speed) => configuration),
    {title: 'batch', align: 'r', essential: true, cell: ({result}) => String(result.batchSize)},
    {
      title: 'images/s',
      align: 'r',
      essential: true,
      cell: ({result}) => mark + formatRate(result.imagesPerSecond.value),
    },
    {title: '95 % interval', align: 'r', cell: ({result}) => rate(result)},
    {
      title: 'cpu ms/image',
      align: 'r',
      cell: ({result}) => mark + formatMilliseconds(result.processorMilliseconds.value),
    },
    time('p50 ms', true, ({milliseconds}) => milliseconds.p50),
    time('p90 ms', false, ({milliseconds}) => milliseconds.p90),
    time('p99 ms', true, ({milliseconds}) => milliseconds.p99),
    ...(compared ? [ratioColumn(mark)] : []),
  ];
}

function ratioColumn(mark: string): Column<Speed> {
  const cell = ({result: {ratio}}: Speed) => {
    if (ratio === null) return '';
    const {value, low, high} = ratio;
    const range = low === null || high === null ? '' : ` (${formatTimes(low)} to ${formatTimes(high)})`;
    return `${mark}${formatTimes(value)}x${range}`;
  };
  return {title: 'to the first', align: 'r', essential: true, cell};
}

/** What distinguishes the rows: the model, and device and threads where there are several. */
function placeColumns<Row>({configurations}: Benchmark, of: (row: Row) => Configuration): Column<Row>[] {
  const several = <T>(pick: (configuration: Configuration) => T) => new Set(configurations.map(pick)).size > 1;
  const name: Column<Row> = {
    title: 'model',
    align: 'l',
    essential: true,
    cell: (row) => shortenPath(printable(of(row).model), LONGEST_NAME, isUtf8()),
  };
  const device: Column<Row> = {title: 'device', align: 'l', essential: true, cell: (row) => of(row).device};
  const threads: Column<Row> = {title: 'threads', align: 'r', essential: true, cell: (row) => String(of(row).threads)};
  return [
    name,
    ...(several((each) => each.device) ? [device] : []),
    ...(several((each) => each.threads) ? [threads] : []),
  ];
}

function fittingTable<Row>(rows: Row[], all: Column<Row>[], style: ChalkInstance, columns: number): string {
  const whole = tableOf(rows, all, style);
  if (Math.max(...whole.split('\n').map(displayWidth)) <= columns) return whole;
  return tableOf(
    rows,
    all.filter(({essential}) => essential),
    style,
  );
}

function tableOf<Row>(rows: Row[], shown: Column<Row>[], style: ChalkInstance): string {
  const head = shown.map(({title}) => style.dim(title));
  const body = rows.map((row) => shown.map(({cell}) => cell(row)));
  return renderTable([head, ...body], shown.map(({align}) => align).join(''));
}

function formatTimes(value: number): string {
  return value < 100 ? value.toFixed(2) : formatCount(value);
}

/** Three digits that count. */
function formatMilliseconds(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : formatCount(value);
}

function orDash(value: number | null, format: (value: number) => string): string {
  return value === null ? '-' : format(value);
}
