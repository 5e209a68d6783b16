import {CommandHelp, Help} from '@oclif/core';
import {SHARED_FLAGS, UNSETTABLE_FLAGS} from './flags.ts';
import {toVariable} from './names.ts';

const EXIT_CODES = `0    success
1    predict, scan, evaluate: some files were unreadable, nothing could be measured in a
     picture, or the accuracy is below --min-accuracy;
     fetch-data: the files are not those of the published dataset; doctor: something is broken
2    usage, configuration or internal error, or failed training
130  stopped by Ctrl-C (serve: 0)
143  stopped by SIGTERM (serve: 0)`;

const ENVIRONMENT = `RICE_...     any setting (see below)
NO_COLOR     no colors; FORCE_COLOR=1 keeps colors even in a pipe
DEBUG=rice   print the stack trace of an error`;

class RiceCommandHelp extends CommandHelp {
  protected override sections() {
    return [
      ...super.sections(),
      {header: 'EXIT CODES', generate: () => EXIT_CODES},
      {header: 'ENVIRONMENT', generate: () => ENVIRONMENT},
      {header: 'SETTINGS', generate: () => this.#settings()},
    ];
  }

  #settings(): string {
    const names = Object.keys(this.command.flags).filter((name) => !UNSETTABLE_FLAGS.includes(name));
    const variables = names.map((name) =>
      SHARED_FLAGS.includes(name) ? toVariable(name) : toVariable(this.command.id, name),
    );
    const text = `Flags may also be set by an environment variable or a configuration file; rice config shows the values in use. Variables: ${variables.join(', ')}.`;
    return this.wrap(text);
  }
}

/** oclif's help, with exit codes, environment and settings at the end of each command's help. */
export default class RiceHelp extends Help {
  protected override CommandHelpClass = RiceCommandHelp;
}
