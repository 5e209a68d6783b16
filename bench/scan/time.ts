import {execFileSync} from 'node:child_process';
import {quantile} from './figures.ts';

/** One process from its start to its end. */
export interface TimeOutcome {
  what: string;
  /** Seconds, median of the rounds. */
  wall: number;
  cpu: number;
  /** Megabytes, the largest. */
  peak: number;
  answer: string;
}

interface Measured {
  code: number;
  wall: number;
  cpu: number;
  peak: number;
  output: string;
}

const SCRIPT = 'bench/scan.py';

/**
 * Times `rice scan` and scikit-image's watershed on the same files, in alternate rounds.
 *
 * @param python with scikit-image and Pillow; without them only `rice` is timed
 */
export function measureTimes(
  python: string,
  files: readonly {name: string; path: string; reference: boolean}[],
  rounds: number,
): TimeOutcome[] {
  return files.flatMap(({name, path, reference}) => {
    const rice: Measured[] = [];
    const other: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      rice.push(measure(python, [process.execPath, 'bin/run.js', 'scan', path, '--json']));
      if (reference) other.push(measure(python, [python, SCRIPT, 'watershed', path]));
    }
    const outcomes = [summarize(`\`rice scan\`, ${name}`, rice, riceAnswer(rice[0]))];
    if (other.length > 0 && other[0].code !== 0)
      process.stderr.write(`${python} has no scikit-image: the reference is left out\n`);
    else if (other.length > 0) {
      const {count, seconds} = JSON.parse(other[0].output) as {count: number; seconds: number};
      const answer = `${count} regions; ${seconds.toFixed(2)} s without its imports`;
      outcomes.push(summarize(`scikit-image, ${name}`, other, answer));
      const times = (value: (one: Measured) => number) =>
        quantile(
          other.map((one, i) => value(one) / value(rice[i])),
          0.5,
        ).toFixed(1);
      if (rice[0].code === 0)
        outcomes[0].answer += `; ${times(({wall}) => wall)} times as fast, ${times(({cpu}) => cpu)} by processor time`;
    }
    return outcomes;
  });
}

function measure(python: string, command: readonly string[]): Measured {
  const output = execFileSync(python, [SCRIPT, 'measure', ...command], {encoding: 'utf8', maxBuffer: 2 ** 29});
  return JSON.parse(output) as Measured;
}

function summarize(what: string, rounds: readonly Measured[], answer: string): TimeOutcome {
  const median = (value: (one: Measured) => number) => quantile(rounds.map(value), 0.5);
  const peak = Math.max(...rounds.map((one) => one.peak));
  return {what, wall: median(({wall}) => wall), cpu: median(({cpu}) => cpu), peak, answer};
}

function riceAnswer({code, output}: Measured): string {
  try {
    const {pictures} = JSON.parse(output) as {pictures: {count: number}[]};
    return `${pictures[0].count} grains, exit code ${code}`;
  } catch {
    return `exit code ${code}: no answer`;
  }
}
