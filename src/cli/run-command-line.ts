import {Config, run, settings} from '@oclif/core';
import {RiceError} from '../common/errors.ts';
import {nearest} from '../common/nearest-word.ts';
import {EXIT} from './exit-codes.ts';
import {overview} from './overview.ts';
import {printError} from './print-error.ts';
import {toRiceError} from './to-rice-error.ts';

/** Finds and runs the command; what fails before a command is there to say so is told here, in the same way. */
export async function runCommandLine(argv: string[], root: string, version: string): Promise<void> {
  // Else NODE_ENV=development makes oclif look for TypeScript sources.
  settings.enableAutoTranspile = false;
  const config = await Config.load({root});
  config.userAgent = version;
  if (argv.length === 0) {
    process.stdout.write(overview(config));
    return;
  }
  // `rice help predict` is what many type first.
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv[0] === '-h' ? ['--help'] : argv;
  try {
    checkCommand(words, config);
    await run(words, config);
  } catch (thrown) {
    const error = toRiceError(thrown, {command: 'rice', flags: {}});
    process.exitCode = EXIT.failure;
    if (wantsJson(argv)) process.stdout.write(`${JSON.stringify({error}, null, 2)}\n`);
    else printError(error, {noColor: argv.includes('--no-color')});
  }
}

/** @throws RiceError USAGE with the nearest command when there is none of that name */
function checkCommand(argv: string[], config: Config): void {
  const named = argv.find((word) => !word.startsWith('-'));
  if (named === undefined || argv[0].startsWith('-')) {
    if (argv.some((word) => word === '--help')) return;
    throw new RiceError('USAGE', `${argv[0]} needs a command before it`, {suggestions: ['See rice --help.']});
  }
  const command = config.findCommand(named);
  // oclif takes a word after a command without arguments for a part of the command's name.
  if (command && Object.keys(command.args).length === 0 && !argv.includes('--help')) {
    const next = argv[argv.indexOf(named) + 1];
    if (next !== undefined && !next.startsWith('-'))
      throw new RiceError('USAGE', `unexpected argument: ${next}`, {suggestions: [`See rice ${named} --help.`]});
  }
  if (command || config.findTopic(named)) return;
  const near = nearest(named, [...config.commandIDs, ...config.topics.map(({name}) => name)]);
  throw new RiceError('USAGE', `there is no command "${named}"`, {
    suggestions: [...(near ? [`Did you mean rice ${near.replaceAll(':', ' ')}?`] : []), 'See rice --help.'],
  });
}

function wantsJson(argv: string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}
