import {dirname} from 'node:path';
import {Command, Flags, type Interfaces} from '@oclif/core';
import type {ChalkInstance} from 'chalk';
import {currentFolder} from '../common/current-folder.ts';
import type {RiceError} from '../common/errors.ts';
import {checkKeys} from './check-keys.ts';
import {type ConfigFile, findConfigFiles} from './config-files.ts';
import {EXIT, type ExitCode, exitCodeOf} from './exit-codes.ts';
import {pathFlag} from './flags.ts';
import {jsonText} from './json-text.ts';
import {type NoticeKind, printError, printNotice, stackOf} from './print-error.ts';
import {ResultOutput} from './result-output.ts';
import {describeSettings, type FlagDefinitions, layerSettings, type Setting, unknownVariables} from './settings.ts';
import {stopSignal} from './signals.ts';
import {styleFor} from './style.ts';
import {toRiceError} from './to-rice-error.ts';

/** Errors that a command throws when the user stops it. */
const INTERRUPTIONS: readonly string[] = [
  'TRAINING_INTERRUPTED',
  'FETCH_INTERRUPTED',
  'TUNING_INTERRUPTED',
  'AUDIT_INTERRUPTED',
  'BENCHMARK_INTERRUPTED',
  'EXPORT_INTERRUPTED',
];

type FlagsOf<T extends typeof Command> = Interfaces.InferredFlags<(typeof BaseCommand)['baseFlags'] & T['flags']>;
type ArgsOf<T extends typeof Command> = Interfaces.InferredArgs<T['args']>;

/**
 * What all commands share: global flags, settings from files and the environment, error handling, the JSON document.
 * A command declares its flags and arguments, and returns from `run` what `--json` prints.
 */
export abstract class BaseCommand<T extends typeof Command> extends Command {
  static override enableJsonFlag = true;

  static override baseFlags = {
    json: Flags.boolean({description: 'print one JSON document instead of text', helpGroup: 'GLOBAL'}),
    output: pathFlag({
      char: 'o',
      description: 'write the result to a file instead of stdout (-); the file is written completely or not at all',
      helpValue: 'FILE',
      helpGroup: 'GLOBAL',
    }),
    quiet: Flags.boolean({
      description: 'print only results and errors, no progress and no warnings',
      helpGroup: 'GLOBAL',
    }),
    'no-color': Flags.boolean({description: 'no colors, as with NO_COLOR=1', helpGroup: 'GLOBAL'}),
  };

  /** Whether --output takes what is printed; a command that makes a file takes it for that. */
  static printsToOutput = true;

  protected flags!: FlagsOf<T>;
  protected args!: ArgsOf<T>;
  /** Every setting of this call and its origin. */
  protected settings: Setting[] = [];
  protected configFiles: ConfigFile[] = [];
  readonly #warnings: string[] = [];
  /** Where results go. */
  protected output = new ResultOutput(undefined);

  /** Colors for results. */
  protected get style(): ChalkInstance {
    return styleFor(this.output.stream, this.#noColor);
  }

  override async init(): Promise<void> {
    await super.init();
    const {files, ignored} = await findConfigFiles();
    await this.readSettings(files, process.env);
    for (const message of ignored) this.warn(message);
    this.#tellParentFile();
  }

  /**
   * Resolves the flags from the command line, the environment and configuration files.
   *
   * @throws RiceError CONFIG_INVALID
   */
  protected async readSettings(files: ConfigFile[], env: NodeJS.ProcessEnv): Promise<void> {
    const {ctor} = this;
    const definitions = flagDefinitions(ctor);
    this.configFiles = files;
    for (const file of files) checkKeys(file, this.#knownSettings());
    const layers = {command: ctor.id, flags: definitions, env, files};
    const {argv, origins} = await layerSettings(this.argv, layers, this);
    const parsed = await this.parse({flags: definitions, args: ctor.args, strict: ctor.strict}, argv);
    this.flags = parsed.flags as FlagsOf<T>;
    this.args = parsed.args as ArgsOf<T>;
    const {printsToOutput} = ctor as unknown as typeof BaseCommand;
    this.output = new ResultOutput(printsToOutput ? this.flags.output : undefined);
    for (const {name, meant} of unknownVariables(this.#knownSettings(), env)) {
      const hint = meant.length > 0 ? `: did you mean ${meant.join(' or ')}?` : '';
      this.warn(`${name} is set, but no setting has this name${hint}`);
    }
    this.settings = describeSettings(definitions, parsed.flags, origins);
  }

  /** Settings from a file in a parent folder are easily forgotten. */
  #tellParentFile(): void {
    const {path} = this.configFiles.find(({scope}) => scope === 'project') ?? {};
    if (path === undefined || dirname(path) === currentFolder()) return;
    const used = this.settings.filter(({origin}) => origin === `file ${path}`).map(({name}) => name);
    if (used.length > 0) this.notice(`${used.join(', ')} as ${path} says`, 'Warning');
  }

  /** Sets the exit code without ending the process: `EXIT.partial` if some of the work failed. */
  protected exitWith(code: ExitCode): void {
    process.exitCode = code;
  }

  /** Reports a problem that did not stop the work: on stderr, or in the document with `--json`. */
  override warn(input: Error | string): Error | string {
    const message = typeof input === 'string' ? input : input.message;
    this.#warnings.push(message);
    this.notice(message, 'Warning');
    return input;
  }

  /** Prints a line on stderr; with `--json` it prints nothing, and the command adds the message to its document. */
  protected notice(message: string, kind: NoticeKind): void {
    if (kind !== 'Error' && this.flags?.quiet) return;
    if (!this.jsonEnabled()) printNotice(message, {kind, noColor: this.#noColor});
  }

  override log(line = ''): void {
    if (!this.jsonEnabled()) this.output.write(`${line}\n`);
  }

  override logJson(document: unknown): void {
    const text = `${jsonText(document, 2)}\n`;
    const failed = typeof document === 'object' && document !== null && 'error' in document;
    if (failed) process.stdout.write(text);
    else {
      this.output.write(text);
      this.output.commit();
    }
  }

  override async finally(error: Error | undefined): Promise<void> {
    if (error !== undefined) this.output.discard();
    else if (!this.jsonEnabled()) this.output.commit();
  }

  /** Used by a command that writes its own document. */
  protected get warningsSoFar(): string[] {
    return this.#warnings;
  }

  override toSuccessJson(result: unknown): unknown {
    return {...(result as object), warnings: this.#warnings};
  }

  override toErrorJson(error: RiceError): unknown {
    return {error: error.toJSON(), ...(this.#warnings.length > 0 ? {warnings: this.#warnings} : {})};
  }

  override async catch(thrown: Error & {code?: string; oclif?: {exit?: number}}): Promise<void> {
    if (thrown.code === 'EEXIT') {
      process.exitCode = thrown.oclif?.exit ?? EXIT.success;
      return;
    }
    const flags = flagDefinitions(this.ctor);
    const error = toRiceError(thrown, {
      command: `rice ${this.ctor.id.replaceAll(':', ' ')}`,
      flags,
      commands: this.#knownSettings(),
    });
    const signal = stopSignal() ?? 'SIGINT';
    process.exitCode = INTERRUPTIONS.includes(error.code) ? exitCodeOf(signal) : EXIT.failure;
    if (!this.jsonEnabled()) return printError(error, {noColor: this.#noColor});
    this.logJson(this.toErrorJson(error));
    if (process.env.DEBUG) process.stderr.write(`${stackOf(thrown)}\n`);
  }

  /** The flags of each command by its id, from the manifest, so that no command is loaded. */
  #knownSettings(): Map<string, string[]> {
    return new Map(this.ownCommands().map(({id, flags}) => [id, Object.keys(flags)]));
  }

  /** The commands of rice itself, not those of plugins. */
  protected ownCommands(): Command.Loadable[] {
    return this.config.commands.filter(({pluginName}) => pluginName === this.config.pjson.name);
  }

  /** Works even if the flags are not parsed yet, or could not be. */
  get #noColor(): boolean {
    return this.flags?.['no-color'] ?? this.argv.includes('--no-color');
  }
}

/** All flags of a command: its own first, then the global ones. */
export function flagDefinitions(command: {
  flags?: object | undefined;
  baseFlags?: object | undefined;
}): FlagDefinitions {
  return {...command.flags, ...command.baseFlags} as FlagDefinitions;
}
