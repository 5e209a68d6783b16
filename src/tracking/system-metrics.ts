import {execFile} from 'node:child_process';
import {statfs} from 'node:fs/promises';
import {cpus, freemem, totalmem} from 'node:os';

const MB = 2 ** 20;
const GB = 2 ** 30;
const GPU_FIELDS = 'utilization.gpu,utilization.memory,memory.used,memory.total,temperature.gpu,power.draw';
const GPU_PATIENCE_MS = 5000;

/** Measures the load of the machine, by the names that W&B uses. */
export class SystemMetrics {
  #before = cpuTimes();
  /** Where there is no `nvidia-smi`, it is asked once only. */
  #hasGpu = true;
  readonly #folder: string;

  /** @param folder on the disk whose use is measured */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async sample(): Promise<Record<string, number>> {
    const now = cpuTimes();
    const [busy, total] = [now.busy - this.#before.busy, now.total - this.#before.total];
    this.#before = now;
    const memory = totalmem();
    const {rss} = process.memoryUsage();
    return {
      ...(total > 0 ? {cpu: (busy / total) * 100} : {}),
      memory_percent: (1 - freemem() / memory) * 100,
      'proc.memory.availableMB': freemem() / MB,
      'proc.memory.rssMB': rss / MB,
      'proc.memory.percent': (rss / memory) * 100,
      ...(await this.#disk()),
      ...(await this.#gpus()),
    };
  }

  async #disk(): Promise<Record<string, number>> {
    try {
      const {blocks, bfree, bsize} = await statfs(this.#folder);
      const used = (blocks - bfree) * bsize;
      return {'disk./.usagePercent': (1 - bfree / blocks) * 100, 'disk./.usageGB': used / GB};
    } catch {
      return {};
    }
  }

  async #gpus(): Promise<Record<string, number>> {
    if (!this.#hasGpu) return {};
    const text = await new Promise<string>((resolve) => {
      const options = {timeout: GPU_PATIENCE_MS, windowsHide: true};
      const query = [`--query-gpu=${GPU_FIELDS}`, '--format=csv,noheader,nounits'];
      execFile('nvidia-smi', query, options, (error, stdout) => resolve(error ? '' : stdout)).unref();
    });
    this.#hasGpu = text !== '';
    const values = text.split('\n').flatMap((line, i) => gpuValues(line, i));
    return Object.fromEntries(values.filter(([, value]) => Number.isFinite(value)));
  }
}

/** Of a line of `nvidia-smi`: percent, percent, MiB, MiB, degrees Celsius, watts. */
function gpuValues(line: string, index: number): [string, number][] {
  if (line.trim() === '') return [];
  const [gpu, memory, used, total, temp, watts] = line.split(',').map(Number);
  const values = {
    gpu,
    memory,
    memoryAllocated: (used / total) * 100,
    memoryAllocatedBytes: used * MB,
    temp,
    powerWatts: watts,
  };
  return Object.entries(values).map(([name, value]) => [`gpu.${index}.${name}`, value]);
}

function cpuTimes(): {busy: number; total: number} {
  let [busy, total] = [0, 0];
  for (const {times} of cpus()) {
    const all = Object.values(times).reduce((sum, time) => sum + time, 0);
    total += all;
    busy += all - times.idle;
  }
  return {busy, total};
}
