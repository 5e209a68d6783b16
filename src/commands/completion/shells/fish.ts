import type {CommandWords, FlagWords} from '../words.ts';

export function fishScript(commands: CommandWords[]): string {
  const lines = commands.flatMap(({name, summary, flags, values, takesArguments}) => {
    const within = `complete -c rice -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c rice -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
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
