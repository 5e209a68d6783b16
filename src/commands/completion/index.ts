import {Args} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {bashScript} from './shells/bash.ts';
import {fishScript} from './shells/fish.ts';
import {powershellScript} from './shells/powershell.ts';
import {zshScript} from './shells/zsh.ts';
import {type CommandWords, commandWords} from './words.ts';

const SHELLS: Readonly<Record<string, (commands: CommandWords[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

export default class Completion extends BaseCommand<typeof Completion> {
  static override summary = 'print a script that completes rice in a shell';
  static override description =
    `Completes commands, flags and their values; paths are completed as the shell does it. To load the script in every shell, add the line of the example to its startup file:
~/.bashrc, ~/.zshrc (after compinit), ~/.config/fish/config.fish, or the file that $PROFILE names in PowerShell.
Nothing is written anywhere: to be rid of it, remove the line.`;
  static override examples = [
    {description: 'bash', command: 'eval "$(<%= config.bin %> completion bash)"'},
    {description: 'zsh', command: 'source <(<%= config.bin %> completion zsh)'},
    {description: 'fish', command: '<%= config.bin %> completion fish | source'},
    {
      description: 'PowerShell',
      command: '<%= config.bin %> completion powershell | Out-String | Invoke-Expression',
    },
  ];

  static override args = {
    shell: Args.string({
      description: `the shell: ${Object.keys(SHELLS).join(', ')}`,
      options: Object.keys(SHELLS),
      required: true,
    }),
  };

  async run() {
    const {shell} = this.args;
    const script = SHELLS[shell](commandWords(this.ownCommands()));
    this.log(script.trimEnd());
    return {shell, script};
  }
}
