import type {Config} from '@oclif/core';

/** What `rice` alone and `rice --help` print: its purpose, the commands and examples. */
export function overview(config: Pick<Config, 'commands' | 'pjson'>): string {
  const commands = config.commands
    .filter(({hidden, pluginName}) => !hidden && pluginName === config.pjson.name)
    .map(({id, summary, description}) => [id.replaceAll(':', ' '), summary ?? description?.split('\n')[0] ?? ''])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const width = Math.max(...commands.map(([id]) => id.length));
  return `${config.pjson.description}

Usage: rice COMMAND

Commands:
${commands.map(([id, summary]) => `  ${id.padEnd(width)}  ${summary}`).join('\n')}

Examples:
  rice predict grain.jpg              the variety of one grain
  rice predict photos --recursive     all pictures in a folder and its subfolders
  rice predict grain.jpg --json       for scripts
  rice scan grains.jpg                count, measure and grade every grain in a photograph
  rice evaluate dataset               the accuracy on labeled pictures
  rice serve                          a web page and an HTTP API
  rice fetch-data                     the dataset for rice train

Run rice COMMAND --help for flags, examples and exit codes.
`;
}
