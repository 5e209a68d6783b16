import {count} from '../../common/report/figures.ts';
import type {Benchmark, Configuration} from '../types.ts';

/** What distinguishes a configuration from the others: the model, and device and threads where there are several. */
export function nameOf({configurations}: Benchmark, {model, device, threads}: Configuration): string {
  const several = <T>(pick: (configuration: Configuration) => T) => new Set(configurations.map(pick)).size > 1;
  return [
    shortened(model),
    ...(several((each) => each.device) ? [device] : []),
    ...(several((each) => each.threads) ? [threadsText(threads)] : []),
  ].join(', ');
}

export function threadsText(threads: number): string {
  return `${threads} thread${threads === 1 ? '' : 's'}`;
}

/** Paths may be long, and their ends tell most. */
const LONGEST = 32;

function shortened(model: string): string {
  const characters = [...model];
  return characters.length <= LONGEST ? model : `…${characters.slice(1 - LONGEST).join('')}`;
}

/** The machine on one line, and what was measured with on another. */
export function aboutLines({machine, date, pictures, rounds, seconds, busy}: Benchmark): string[] {
  const {cpu, cores, memory, gpu, os, node, onnxruntime, rice} = machine;
  const source =
    pictures.folder === null ? `${count(pictures.count)} drawn pictures` : `${count(pictures.count)} labeled pictures`;
  return [
    `${cpu}, ${cores} core${cores === 1 ? '' : 's'}, ${(memory / 1e9).toFixed(0)} GB of memory, ${gpu === null ? '' : `${gpu}, `}${os}`,
    `rice ${rice}, Node ${node}, onnxruntime ${onnxruntime ?? 'unknown'}, ${date.slice(0, 10)}`,
    `${source}, ${rounds} round${rounds === 1 ? '' : 's'} of ${seconds} s, intervals of 95 %`,
    ...(busy ? ['Taken on a busy machine: other programs used the processor'] : []),
  ];
}
