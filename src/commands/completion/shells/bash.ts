import {type CommandWords, isOuter} from '../words.ts';

/** For bash 3.2 and later, which macOS has. What has no fixed values is left to bash itself, which completes file names. */
export function bashScript(commands: CommandWords[]): string {
  const cases = commands.map(({name, flags, values}) => {
    const valued = flags.filter(({values: own}) => own.length > 0);
    return `    '${name}')
      flags='${flags.flatMap(({names}) => names.filter((each) => each.startsWith('--'))).join(' ')}'
      valued='${flags
        .filter(({takesValue}) => takesValue)
        .flatMap(({names}) => names)
        .join(' ')}'
      words='${values.join(' ')}'
      case $previous in
${valued.map(({names, values: own}) => `        ${names.join('|')}) values='${own.join(' ')}' ;;\n`).join('')}        *) ;;
      esac
      ;;`;
  });
  const inner = commands.filter((command) => !isOuter(command)).map(({name}) => `'${name}'`);
  return `# bash completion for rice. Load it with: eval "$(rice completion bash)"
_rice() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous='' command='' flags='' valued='' words='' values='' index
  COMPREPLY=()
  [ "$COMP_CWORD" -gt 0 ] && previous=\${COMP_WORDS[COMP_CWORD-1]}
  # bash takes "=" for a word of its own.
  if [ "$current" = '=' ]; then
    current=''
  elif [ "$previous" = '=' ] && [ "$COMP_CWORD" -gt 1 ]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      --) return ;;
      -*) ;;
      *)
        if [ -z "$command" ]; then
          command=\${COMP_WORDS[index]}
        else
          case "$command \${COMP_WORDS[index]}" in
            ${inner.length > 0 ? inner.join('|') : "''"}) command="$command \${COMP_WORDS[index]}" ;;
          esac
        fi
        ;;
    esac
  done
  case $command in
    '') words='${commands
      .filter(isOuter)
      .map(({name}) => name)
      .join(' ')}' flags='--help --version' ;;
${cases.join('\n')}
  esac
  if [ -n "$values" ]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  elif [ -n "$command" ] && [[ " $valued " == *" $previous "* ]]; then
    return
  elif [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$flags" -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o default -o bashdefault -F _rice rice
`;
}
