import type {Command, Interfaces} from '@oclif/core';
import {RiceError} from '../../common/errors.ts';
import {nearest} from '../../common/nearest-word.ts';
import type {Distribution} from '../../tuning/space/distribution.ts';
import {quantileOf} from '../../tuning/space/distribution.ts';
import type {FlagOf} from '../../tuning/sweep/read-sweep.ts';
import type {Sweep} from '../../tuning/sweep/sweep.ts';

/** Flags of rice train that are no hyper-parameters: what a run is made of, where it goes, and how it is shown. */
const NOT_SEARCHED = [
  'dataset',
  'labels-from',
  'out',
  'output',
  'resume',
  'name',
  'model-version',
  'json',
  'quiet',
  'no-color',
  'help',
];

/** What others call these settings. */
const SYNONYMS: Readonly<Record<string, string>> = {
  'learning-rate': 'lr',
  lr0: 'lr',
  'max-lr': 'lr',
  batch: 'batch-size',
  network: 'arch',
  model: 'arch',
  architecture: 'arch',
  'random-seed': 'seed',
  'num-epochs': 'epochs',
  'n-epochs': 'epochs',
  'warmup-steps': 'warmup-epochs',
};

/** The settings of rice train that a search may change, as its command line has them. */
export class TrainFlags {
  readonly #flags: Record<string, Interfaces.Flag<unknown>>;
  /** Flags whose values are whole numbers. */
  readonly #whole = new Set<string>();

  constructor(
    train: {flags?: object},
    private readonly command: Command,
  ) {
    const all = Object.entries(train.flags ?? {}) as [string, Interfaces.Flag<unknown>][];
    this.#flags = Object.fromEntries(all.filter(([name]) => !NOT_SEARCHED.includes(name)));
  }

  get names(): string[] {
    return Object.keys(this.#flags);
  }

  /** The flag that a name means: with - or _, or in the words of other programs. */
  readonly flagOf: FlagOf = (name) => {
    const kebab = name
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
      .replaceAll('_', '-')
      .toLowerCase();
    const flag = kebab in this.#flags ? kebab : SYNONYMS[kebab];
    if (flag !== undefined) return {flag};
    const near = nearest(kebab, [...this.names, ...Object.keys(SYNONYMS)]);
    return {suggestion: near ? `Did you mean ${near}?` : `There are ${this.names.join(', ')}.`};
  };

  /**
   * Tries every value that a sweep lists, and the ends of its ranges, with the parser of the flag itself, so that a mistake
   * is told before the first trial.
   *
   * @throws RiceError SWEEP_INVALID
   */
  async check({parameters}: Sweep, file: string): Promise<void> {
    for (const {name, flag, distribution} of parameters) {
      if (await this.#isWhole(flag)) this.#whole.add(flag);
      for (const value of samples(distribution)) {
        const reason = await this.#rejection(flag, this.#text(flag, value));
        if (reason) throw new RiceError('SWEEP_INVALID', `${file}: parameters.${name}: ${reason}`);
      }
    }
  }

  /** The words on the command line for the parameters of a trial, whose names may be nested. */
  args({parameters}: Sweep, values: Readonly<Record<string, unknown>>): string[] {
    return parameters.flatMap(({name, flag}) => this.arg(flag, values[name]));
  }

  /** One setting as words on the command line. */
  arg(flag: string, value: unknown): string[] {
    if (this.#flags[flag].type === 'boolean') return value === true || value === 'true' ? [`--${flag}`] : [];
    return [`--${flag}=${this.#text(flag, value)}`];
  }

  #text(flag: string, value: unknown): string {
    return typeof value === 'number' && this.#whole.has(flag) ? String(Math.round(value)) : String(value);
  }

  async #isWhole(flag: string): Promise<boolean> {
    return (await this.#rejection(flag, '1.5'))?.includes('whole number') ?? false;
  }

  /** Why a flag does not take a value; undefined if it does. */
  async #rejection(name: string, text: string): Promise<string | undefined> {
    const flag = this.#flags[name];
    if (flag.type === 'boolean') return /^(true|false)$/.test(text) ? undefined : `expected true or false, got ${text}`;
    if (flag.options)
      return flag.options.includes(text) ? undefined : `expected one of ${flag.options.join(', ')}, got ${text}`;
    try {
      await flag.parse(text, this.command as Parameters<typeof flag.parse>[1], flag as never);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  }
}

/** Values that show whether a distribution fits a flag. Those without ends are tried in the middle only. */
function samples(distribution: Distribution): unknown[] {
  if (distribution.kind === 'constant') return [distribution.value];
  if (distribution.kind === 'categorical') return [...distribution.values];
  const ends = distribution.numbers.min === undefined ? [0.5] : [0, 1, 0.5];
  return ends.map((u) => quantileOf(distribution, u));
}
