import {type CommandWords, type FlagWords, isOuter} from '../words.ts';

/** For zsh with its completion system loaded (`compinit`). */
export function zshScript(commands: CommandWords[]): string {
  const names = commands.filter(isOuter).map(({name, summary}) => `    ${quote(`${name}:${summary}`)}`);
  const cases = commands.map(({name, flags, values, takesArguments}) => {
    const rest = values.length > 0 ? [`'1:value:(${values.join(' ')})'`] : takesArguments ? [`'*:file:_files'`] : [];
    const lines = [...flags.flatMap(specs), ...rest].map((spec) => ` \\\n        ${spec}`);
    return `    '${name}')\n      _arguments -s${lines.join('')}\n      ;;`;
  });
  const inner = commands.filter((command) => !isOuter(command)).map(({name}) => `'${name}'`);
  return `#compdef rice
# zsh completion for rice. Load it with: source <(rice completion zsh)
_rice() {
  local -a commands
  commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then
    if [[ $words[2] == -* ]]; then
      _arguments '--help[explain rice]' '--version[print the version]'
    else
      _describe -t commands command commands
    fi
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case "$command $words[2]" in
    ${inner.length > 0 ? inner.join('|') : "''"})
      if (( CURRENT > 2 )); then
        command="$command $words[2]"
        shift words
        (( CURRENT-- ))
      fi
      ;;
  esac
  case $command in
${cases.join('\n')}
  esac
}
compdef _rice rice
`;
}

function specs({names, summary, takesValue, values}: FlagWords): string[] {
  const text = summary.replaceAll(/[[\]\\]/g, '\\$&');
  return names.map((name) => {
    const value = !takesValue ? '' : values.length > 0 ? `:value:(${values.join(' ')})` : ':value:_files';
    // A long flag also takes its value behind "=".
    return quote(`*${name}${takesValue && name.startsWith('--') ? '=' : ''}[${text}]${value}`);
  });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
