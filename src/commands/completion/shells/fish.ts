import {type CommandWords, type FlagWords, isOuter, isWithin} from '../words.ts';

export function fishScript(commands: CommandWords[]): string {
  const lines = commands.flatMap(({name, summary, flags, values, takesArguments}) => {
    const seen = name.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
    const inner = commands.filter(isWithin(name)).map((each) => each.name.slice(name.length + 1));
    const unless = inner.length > 0 ? [`not __fish_seen_subcommand_from ${inner.join(' ')}`] : [];
    const within = `complete -c rice -n '${[...seen, ...unless].join('; and ')}'`;
    return [
      ...(isOuter({name}) ? [`complete -c rice -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`] : []),
      ...(values.length > 0 ? [`${within} -f -a ${quote(values.join(' '))}`] : takesArguments ? [] : [`${within} -f`]),
      ...flags.map((flag) => `${within} ${options(flag)}`),
    ];
  });
  return `# fish completion for rice. Load it with: rice completion fish | source
complete -c rice -e
complete -c rice -n __fish_use_subcommand -f -l help -d 'explain rice'
complete -c rice -n __fish_use_subcommand -f -l version -d 'print the version'
${lines.join('\n')}
`;
}

function options({names, summary, takesValue, values}: FlagWords): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
  const value = !takesValue ? '' : values.length > 0 ? ` -x -a ${quote(values.join(' '))}` : ' -r -F';
  return `${flags}${value} -d ${quote(summary)}`;
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`;
}
