import {fromFileSystemError} from '../common/errors.ts';
import {forbidTelemetry} from '../common/forbid-telemetry.ts';
import {packageRoot, packageVersion} from '../common/package-root.ts';
import {EXIT} from './exit-codes.ts';
import {printError} from './print-error.ts';
import {quit} from './quit.ts';
import {installSignals} from './signals.ts';

/** What people type to see the version. */
const VERSION_WORDS: readonly (string | undefined)[] = ['--version', '-v', '-V', 'version'];

/** Runs `rice`. The version is printed without loading oclif, which is faster. */
export async function main(argv: string[] = process.argv.slice(2)): Promise<void> {
  forbidTelemetry();
  watchStandardStreams();
  installSignals();
  const root = packageRoot();
  if (VERSION_WORDS.includes(argv[0])) {
    process.stdout.write(`${version()}\n`);
    return;
  }
  const {runCommandLine} = await import('./run-command-line.ts');
  await runCommandLine(argv, root, version());
}

/** In oclif's format, with what a bug report needs: `rice/2.0.0 linux-x64 node-v24.19.0`. */
function version(): string {
  return `rice/${packageVersion()} ${process.platform}-${process.arch} node-${process.version}`;
}

/**
 * `rice ... | head -1` closes the pipe while rice still writes. That is not an error: nobody reads the rest. A full disk
 * behind stdout is an error.
 */
function watchStandardStreams(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return quit(undefined);
    printError(fromFileSystemError(error, 'standard output', 'write'), {
      noColor: process.argv.includes('--no-color'),
    });
    quit(EXIT.failure);
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    quit(error.code === 'EPIPE' ? undefined : EXIT.failure);
  });
}
