/** What `nvidia-smi` says. */
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';

const run = promisify(execFile);
const SAMPLE_MS = 500;
const PATIENCE_MS = 5000;

export interface Gpu {
  name: string;
  driver: string;
  mebibytes: number;
}

/** The GPUs of this machine; a reason where `nvidia-smi` gives none. */
export async function readGpus(): Promise<Gpu[] | string> {
  try {
    const rows = await query('name,driver_version,memory.total');
    return rows.map(([name, driver, memory]) => ({name, driver, mebibytes: Number(memory)}));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no nvidia-smi' : (error as Error).message;
  }
}

/** Looks at the memory in use twice a second. In a container the use of single processes is not shown, so that of the card is. */
export async function watchMemory(): Promise<{stop(): Promise<number | undefined>}> {
  const before = await usedMemory();
  if (before === undefined) return {stop: async () => undefined};
  let most = before;
  let sampling = Promise.resolve();
  const timer = setInterval(() => {
    sampling = sampling.then(async () => {
      most = Math.max(most, (await usedMemory()) ?? 0);
    });
  }, SAMPLE_MS);
  return {
    async stop() {
      clearInterval(timer);
      await sampling;
      return most - before;
    },
  };
}

async function usedMemory(): Promise<number | undefined> {
  try {
    const rows = await query('memory.used');
    return rows.reduce((sum, [used]) => sum + Number(used), 0);
  } catch {
    return undefined;
  }
}

async function query(fields: string): Promise<string[][]> {
  const {stdout} = await run('nvidia-smi', [`--query-gpu=${fields}`, '--format=csv,noheader,nounits'], {
    timeout: PATIENCE_MS,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(',').map((cell) => cell.trim()));
}
