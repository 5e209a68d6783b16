/** The result as a page of Markdown for docs/performance.md. */
import type {Machine} from './machine.ts';
import type {StepsResult} from './measure-steps.ts';
import {type Plan, type StepsPart, TOLERANCE} from './plan.ts';
import type {Ended} from './run-part.ts';

export interface StepsRow extends Ended {
  part: StepsPart;
  /** Whether products were in full float32: NVIDIA_TF32_OVERRIDE=0. */
  exact: boolean;
  result?: StepsResult;
}

export interface TorchRow extends Ended {
  network: string;
  device?: string;
  torch?: string;
  parameters?: number;
  imagesPerSecond?: number;
  peakMebibytes?: number;
}

export interface CommandRow extends Ended {
  command: 'train' | 'predict';
  device: string;
  pictures?: number;
  imagesPerSecond?: number;
  accuracy?: number;
  /** Pictures that got another label than on the CPU. */
  differing?: number;
}

export interface Report {
  plan: Plan;
  tolerance: number;
  /** Whether everything that was planned was tried. */
  complete: boolean;
  machine?: Machine;
  steps: StepsRow[];
  torch: TorchRow[];
  commands: CommandRow[];
  skipped: string[];
}

/** Largest difference of a loss to that of the CPU at the same step, as a share of it; undefined where there are none. */
export function largestDifference(losses: readonly number[], cpu: readonly number[]): number | undefined {
  const differences = losses.slice(0, cpu.length).map((loss, i) => Math.abs(loss - cpu[i]) / Math.abs(cpu[i]));
  if (differences.length === 0) return undefined;
  return differences.some(Number.isNaN) ? Number.NaN : Math.max(...differences);
}

export function toMarkdown(report: Report): string {
  const {machine} = report;
  const lines = ['# GPU check', ''];
  if (!report.complete) lines.push('**Not complete: this is what was there when it ended.**', '');
  if (machine) lines.push(...machineLines(machine));
  lines.push(...stepLines(report), ...commandLines(report), ...noteLines(report));
  return `${lines.join('\n').trimEnd()}\n`;
}

function machineLines(machine: Machine): string[] {
  const gpus = machine.gpus.map(({name, mebibytes, driver}) => `${name}, ${mebibytes} MiB, driver ${driver}`);
  const lines = [
    `${machine.date}: rice ${machine.rice}, Node ${machine.node}, onnxruntime-node ${machine.onnxruntime}, ${machine.platform}; ` +
      `${machine.processor}, ${machine.cores} cores, ${machine.memoryGigabytes} GB. ` +
      (gpus.length > 0 ? `GPU: ${gpus.join('; ')}.` : `**No GPU was seen: ${machine.noGpu}.**`),
    '',
  ];
  if (machine.softwareVulkan)
    lines.push(
      '**Vulkan is software here: figures of webgpu say that it works, and nothing about the speed of a GPU.**',
      '',
    );
  lines.push('| device | works | |', '| --- | --- | --- |');
  for (const {device, works, seconds, reason} of machine.devices)
    lines.push(
      `| ${device} | ${works ? 'yes' : 'no'} | ${works ? (seconds === null ? '' : `first answer in ${seconds.toFixed(2)} s`) : cell(reason)} |`,
    );
  lines.push('');
  const {missingForCuda} = machine;
  if (missingForCuda === undefined) lines.push("onnxruntime's CUDA libraries are not installed.", '');
  else if (missingForCuda.length > 0) lines.push(`The CUDA provider lacks ${missingForCuda.join(', ')}.`, '');
  return lines;
}

function stepLines({plan, steps, torch}: Report): string[] {
  if (steps.length === 0) return [];
  const {width, height} = plan.input;
  const lines = [
    `Training: AdamW, batches of ${plan.batchSize} windows of ${width} x ${height}. Losses of ${plan.steps} steps against the CPU's, at most ${100 * TOLERANCE} % apart.`,
    '',
    '| network | device | losses | largest difference | images/s | to the CPU | to PyTorch | copied a step | GPU memory |',
    '| --- | --- | --- | --: | --: | --: | --: | --: | --: |',
  ];
  for (const row of steps) {
    const {part, result, failure} = row;
    const cpu = steps.find((other) => other.part.network === part.network && other.part.device === 'cpu');
    const theirs = torch.find(({network}) => network === part.network);
    const difference =
      part.device === 'cpu' ? undefined : largestDifference(result?.losses ?? [], cpu?.result?.losses ?? []);
    const rate = result?.imagesPerSecond;
    const onGpu = part.device !== 'cpu' && theirs?.device === 'cuda';
    lines.push(
      `| ${[
        part.network,
        `${part.device}${row.exact ? ', full float32' : ''}`,
        failure === undefined ? verdict(part.device, difference, row.exact) : cell(failure),
        difference === undefined ? '' : difference.toExponential(1),
        rounded(rate),
        ratio(rate, cpu?.result?.imagesPerSecond),
        onGpu ? ratio(rate, theirs.imagesPerSecond) : '',
        result?.copied === undefined || part.device === 'cpu' ? '' : `${(result.copied / 1e6).toFixed(2)} MB`,
        part.device === 'cpu' || row.gpuMebibytes === undefined ? '' : `${row.gpuMebibytes} MiB`,
      ].join(' | ')} |`,
    );
  }
  for (const {network, device, torch: version, imagesPerSecond, peakMebibytes, failure} of torch)
    lines.push(
      `| ${network} | PyTorch ${version ?? ''} on ${device ?? '?'} | ${failure === undefined ? '' : cell(failure)} | | ${rounded(imagesPerSecond)} | | | | ${peakMebibytes === undefined ? '' : `${peakMebibytes} MiB`} |`,
    );
  lines.push('');
  return lines;
}

function verdict(device: string, difference: number | undefined, exact: boolean): string {
  if (device === 'cpu') return 'the reference';
  if (difference === undefined) return 'not compared';
  if (difference <= TOLERANCE) return 'equal';
  return device === 'cuda' && !exact ? 'other, with TF32' : '**different**';
}

function commandLines({commands}: Report): string[] {
  if (commands.length === 0) return [];
  const lines = [
    'Whole commands on drawn pictures or those of the given folder:',
    '',
    '| command | device | pictures | a second | |',
    '| --- | --- | --: | --: | --- |',
  ];
  for (const row of commands) {
    const found =
      row.failure !== undefined
        ? cell(row.failure)
        : row.accuracy !== undefined
          ? `${(100 * row.accuracy).toFixed(2)} % of the validation part right`
          : row.differing === undefined
            ? ''
            : `${row.differing} other labels than on the CPU`;
    lines.push(
      `| rice ${row.command} | ${row.device} | ${row.pictures ?? ''} | ${rounded(row.imagesPerSecond)} | ${found} |`,
    );
  }
  lines.push('');
  return lines;
}

function noteLines({skipped}: Report): string[] {
  return skipped.length === 0 ? [] : ['Left out:', '', ...skipped.map((text) => `- ${text}`), ''];
}

function rounded(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(value < 100 ? 1 : 0);
}

function ratio(value: number | undefined, other: number | undefined): string {
  return value === undefined || other === undefined ? '' : (value / other).toFixed(2);
}

function cell(text: string | null): string {
  return (text ?? '').replaceAll('|', '/').replace(/\s+/g, ' ');
}
