import {hash} from 'node:crypto';
import {RiceError} from '../../common/errors.ts';
import type {Picture, PictureSource} from '../picture.ts';

/** One of `count` parts of a job. Every picture is in exactly one part. */
export interface Shard {
  /** 1 to `count`. */
  index: number;
  count: number;
  /** The environment variable that set it; undefined if the user did. */
  from?: string;
}

/** Hexadecimal digits of the SHA-256 that select the shard: 48 bits, exact in a number and more than enough. */
const DIGITS = 12;

/** The pictures of a shard. Only the key of a picture decides, so adding files does not move others. */
export async function* ofShard(
  pictures: PictureSource,
  {index, count}: Shard,
): PictureSource & AsyncGenerator<Picture[]> {
  for await (const portion of pictures) {
    const selected = portion.filter(({key, path}) => shardOf(key ?? path, count) === index);
    if (selected.length > 0) yield selected;
  }
}

/** The shard of a key, 1 to `count`, the same on every machine. */
export function shardOf(key: string, count: number): number {
  const number = Number.parseInt(hash('sha256', key.replaceAll('\\', '/')).slice(0, DIGITS), 16);
  return Math.floor((number / 16 ** DIGITS) * count) + 1;
}

/**
 * Parses `I/N`, or `auto/N` with the index from the environment.
 *
 * @throws RiceError USAGE or OUT_OF_RANGE
 */
export function parseShard(text: string, env: NodeJS.ProcessEnv): Shard {
  const match = /^(auto|\d{1,9})\/(\d{1,9})$/.exec(text);
  if (!match)
    throw new RiceError('USAGE', `--shard: expected I/N such as 2/8, or auto/8, got "${text}"`, {
      suggestions: ['--shard 1/3, --shard 2/3 and --shard 3/3 divide a job among three.'],
    });
  const count = Number(match[2]);
  if (match[1] === 'auto') {
    const found = indexFrom(env);
    if (!found)
      throw new RiceError('USAGE', `--shard ${text}: no environment variable contains the index`, {
        suggestions: [`Set one of ${INDEX_VARIABLES.join(', ')}, or write the index: --shard 1/${count}.`],
      });
    return checked({index: found.zeroBased + 1, count, from: found.from});
  }
  return checked({index: Number(match[1]), count});
}

/**
 * The shard of this process in a Cloud Run, indexed Kubernetes or SLURM array job; undefined outside of jobs.
 *
 * @throws RiceError USAGE if the index is set but not the count: each process would do all of the work
 */
export function shardFromEnvironment(env: NodeJS.ProcessEnv): Shard | undefined {
  const found = indexFrom(env);
  if (!found) return undefined;
  const {from, zeroBased, count} = found;
  if (count === undefined)
    throw new RiceError('USAGE', `${from} is set, but the number of tasks of the job is unknown`, {
      suggestions: [
        ...(from === 'JOB_COMPLETION_INDEX' ? ['Set JOB_COMPLETIONS to the completions of the job.'] : []),
        'Set it with --shard auto/N; or do all of the work with --shard 1/1.',
      ],
    });
  return checked({index: zeroBased + 1, count, from});
}

const INDEX_VARIABLES = ['CLOUD_RUN_TASK_INDEX', 'JOB_COMPLETION_INDEX', 'SLURM_ARRAY_TASK_ID'];

function indexFrom(env: NodeJS.ProcessEnv): {from: string; zeroBased: number; count: number | undefined} | undefined {
  const number = (name: string): number | undefined => {
    const text = env[name];
    if (text === undefined || text === '') return undefined;
    if (!/^\d{1,9}$/.test(text)) throw new RiceError('USAGE', `${name} is "${text}", not a whole number`);
    return Number(text);
  };
  const cloudRun = number('CLOUD_RUN_TASK_INDEX');
  if (cloudRun !== undefined)
    return {from: 'CLOUD_RUN_TASK_INDEX', zeroBased: cloudRun, count: number('CLOUD_RUN_TASK_COUNT')};
  const kubernetes = number('JOB_COMPLETION_INDEX');
  if (kubernetes !== undefined)
    return {from: 'JOB_COMPLETION_INDEX', zeroBased: kubernetes, count: number('JOB_COMPLETIONS')};
  const slurm = number('SLURM_ARRAY_TASK_ID');
  if (slurm === undefined) return undefined;
  // An array may have any start and step: 1-9:2 are the tasks 1, 3, 5, 7 and 9.
  const zeroBased = (slurm - (number('SLURM_ARRAY_TASK_MIN') ?? 0)) / (number('SLURM_ARRAY_TASK_STEP') ?? 1);
  if (!Number.isInteger(zeroBased))
    throw new RiceError('USAGE', `SLURM_ARRAY_TASK_ID ${slurm} does not belong to a regular array`, {
      suggestions: ['Write the array as a range, such as --array=1-8; or use --shard I/N.'],
    });
  return {from: 'SLURM_ARRAY_TASK_ID', zeroBased, count: number('SLURM_ARRAY_TASK_COUNT')};
}

function checked(shard: Shard): Shard {
  const {index, count, from} = shard;
  if (count < 1 || index < 1 || index > count) {
    const origin = from === undefined ? `--shard ${index}/${count}` : from;
    const right =
      count > 1 ? `Use --shard 1/${count} to --shard ${count}/${count}.` : 'Process everything: --shard 1/1.';
    throw new RiceError('OUT_OF_RANGE', `${origin}: there is no shard ${index} of ${count}`, {suggestions: [right]});
  }
  return shard;
}
