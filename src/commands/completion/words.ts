import type {Command, Interfaces} from '@oclif/core';

/** What can be completed, for the scripts of all shells. */
export interface CommandWords {
  /** One word, or two for a command of a command: `runs compare`. */
  name: string;
  summary: string;
  flags: FlagWords[];
  /** Fixed values of its argument, and its own commands; where there are none, it takes files. */
  values: string[];
  takesArguments: boolean;
}

export interface FlagWords {
  /** With dashes: `--format`, `-o`. */
  names: string[];
  summary: string;
  takesValue: boolean;
  /** Empty where any value is possible. */
  values: string[];
}

/** The commands of rice with their flags, as the manifest has them, and the words that are understood beside them. */
export function commandWords(commands: Command.Loadable[]): CommandWords[] {
  const own = commands.map(({id, summary, flags, args}) => ({
    name: id.replaceAll(':', ' '),
    summary: summary ?? '',
    flags: [...Object.entries(flags).flatMap(flagWords), HELP],
    values: Object.values(args).flatMap(({options}) => options ?? []),
    takesArguments: Object.keys(args).length > 0,
  }));
  for (const {name, values} of own)
    values.push(...own.filter(isWithin(name)).map((inner) => inner.name.slice(name.length + 1)));
  const names = own.filter(isOuter).map(({name}) => name);
  const others = [
    {name: 'help', summary: 'explain a command', values: names, takesArguments: true},
    {name: 'version', summary: 'print the version', values: [], takesArguments: false},
  ];
  return [...own, ...others.map((word) => ({...word, flags: []}))].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a command is not one of another command. */
export function isOuter({name}: Pick<CommandWords, 'name'>): boolean {
  return !name.includes(' ');
}

/** Whether a command is one of the command with a name. */
export function isWithin(outer: string): (command: Pick<CommandWords, 'name'>) => boolean {
  return ({name}) => name.startsWith(`${outer} `);
}

const HELP: FlagWords = {names: ['--help', '-h'], summary: 'explain this command', takesValue: false, values: []};

function flagWords([name, flag]: [string, Command.Flag.Cached]): FlagWords[] {
  if (flag.hidden) return [];
  const option = flag.type === 'option' ? (flag as Interfaces.OptionFlag<unknown>) : undefined;
  const words = {
    names: [`--${name}`, ...(flag.char ? [`-${flag.char}`] : [])],
    summary: firstSentence(flag.summary ?? flag.description ?? ''),
    takesValue: option !== undefined,
    values: [...(option?.options ?? [])],
  };
  if (flag.type !== 'boolean' || !flag.allowNo) return [words];
  return [words, {...words, names: [`--no-${name}`]}];
}

/** One line, without what stands in brackets behind it. */
function firstSentence(text: string): string {
  return text
    .split('\n')[0]
    .split('; ')[0]
    .replace(/ \[.*\]$/, '');
}
