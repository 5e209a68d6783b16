import {Config, run, settings} from '@oclif/core';
import {RiceError} from '../common/errors.ts';
import {nearest} from '../common/nearest-word.ts';
import {EXIT} from './exit-codes.ts';
import {jsonText} from './json-text.ts';
import {overview} from './overview.ts';
import {printError} from './print-error.ts';
import {toRiceError} from './to-rice-error.ts';

/** Commands of earlier versions, and those of today for the same purpose. */
const FORMER_COMMANDS: Readonly<Record<string, string>> = {autocomplete: 'completion'};

/** Finds and runs the command. Errors before a command exists to report them are printed here, in the same format. */
export async function runCommandLine(argv: string[], root: string, version: string): Promise<void> {
  // Otherwise NODE_ENV=development makes oclif look for TypeScript sources.
  settings.enableAutoTranspile = false;
  // Plugins that oclif finds in its data folder would run with every command.
  const config = await Config.load({root, userPlugins: false, devPlugins: false});
  config.userAgent = version;
  const words = usualWords(argv);
  if (words.length === 0 || (words.length === 1 && words[0] === '--help')) {
    process.stdout.write(overview(config));
    return;
  }
  try {
    checkCommand(words, config);
    await run(words, config);
  } catch (thrown) {
    const error = toRiceError(thrown, {command: 'rice', flags: {}});
    process.exitCode = EXIT.failure;
    if (wantsJson(argv)) process.stdout.write(`${jsonText({error}, 2)}\n`);
    else printError(error, {noColor: argv.includes('--no-color')});
  }
}

/** Translates what many people type first: `rice help predict`, `rice -h`, `rice info`. */
function usualWords(argv: string[]): string[] {
  if (argv[0] === 'help') return [...usualWords(argv.slice(1)), '--help'];
  if (argv[0] === '-h') return ['--help'];
  return argv[0] === 'info' ? ['doctor', ...argv.slice(1)] : argv;
}

/** @throws RiceError USAGE for an unknown command, with the nearest known one */
function checkCommand(argv: string[], config: Config): void {
  const named = argv.find((word) => !word.startsWith('-'));
  if (named === undefined || argv[0].startsWith('-')) {
    if (argv.some((word) => word === '--help')) return;
    throw new RiceError('USAGE', `expected a command before ${argv[0]}`, {suggestions: ['See rice --help.']});
  }
  const command = config.findCommand(named);
  // oclif treats a word after a command without arguments as part of the command's name.
  if (command && Object.keys(command.args).length === 0 && !argv.includes('--help')) {
    const next = argv[argv.indexOf(named) + 1];
    if (next !== undefined && !next.startsWith('-'))
      throw new RiceError('USAGE', `unexpected argument: ${next}`, {suggestions: [`See rice ${named} --help.`]});
  }
  if (command || config.findTopic(named)) return;
  const near = FORMER_COMMANDS[named] ?? nearest(named, [...config.commandIDs, ...config.topics.map(({name}) => name)]);
  throw new RiceError('USAGE', `there is no command "${named}"`, {
    suggestions: [...(near ? [`Did you mean rice ${near.replaceAll(':', ' ')}?`] : []), 'See rice --help.'],
  });
}

function wantsJson(argv: string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}
