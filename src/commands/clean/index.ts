import {rmdirSync, rmSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {Flags} from '@oclif/core';
import {BaseCommand} from '../../cli/base-command.ts';
import {canAsk, confirm} from '../../cli/confirm.ts';
import {displayPath} from '../../cli/display-path.ts';
import {formatBytes} from '../../cli/format.ts';
import {printable} from '../../cli/printable.ts';
import {renderTable} from '../../cli/table.ts';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {cacheFolder} from '../../common/files/cache-folder.ts';
import {folderSize} from '../../common/files/folder-size.ts';
import {otherPlatforms, runtimeFolder} from '../../model/other-platforms.ts';
import {findCaches, removeCache} from './caches.ts';

/** Something to remove as a whole, and how. */
interface Removable {
  kind: string;
  purpose: string;
  paths: string[];
  bytes: number;
  /** @returns what is in use, and was kept */
  remove: () => string[];
}

export default class Clean extends BaseCommand<typeof Clean> {
  static override summary = 'show the caches and remove them';
  static override description =
    `Everything in a cache is made or downloaded again when it is needed. Datasets, runs and models are no caches and are never touched, nor is anything in the cache folder that rice has not made.
On a terminal it asks before it removes anything; elsewhere it wants --yes. What another process downloads or makes at this moment is kept. The folder of a run links to the prepared pictures that it uses: their space is free when the run is removed as well.
The cache folder is $RICE_CACHE_DIR, else rice in $XDG_CACHE_HOME or in the usual place of the system; rice doctor names it.`;
  static override examples = [
    {description: 'What there is, and then whether to remove it', command: '<%= config.bin %> clean'},
    {description: 'Only what there is', command: '<%= config.bin %> clean --dry-run'},
    {description: 'Without being asked, in a script', command: '<%= config.bin %> clean --yes'},
    {
      description: "The libraries of onnxruntime for other systems, most of the package's size",
      command: '<%= config.bin %> clean --other-platforms',
    },
  ];

  static override flags = {
    'dry-run': Flags.boolean({description: 'only show what would be removed', exclusive: ['yes']}),
    yes: Flags.boolean({char: 'y', description: 'remove without asking'}),
    'other-platforms': Flags.boolean({
      description:
        'remove, instead of caches, the libraries for other systems that onnxruntime-node was installed with; npm brings them back when it installs again',
    }),
  };

  async run() {
    const other = this.flags['other-platforms'];
    const folder = other ? (runtimeFolder() ?? '') : cacheFolder();
    const found = other ? this.#platforms(folder) : this.#caches(folder);
    const bytes = found.reduce((sum, each) => sum + each.bytes, 0);
    this.#show(found, folder, bytes);
    const removed = found.length > 0 && (await this.#isWanted(bytes));
    const kept = removed ? found.flatMap(({remove}) => remove()) : [];
    for (const path of kept) this.warn(`${path} is in use by another process, and was kept`);
    if (removed)
      this.log(`removed ${formatBytes(bytes - kept.reduce((sum, path) => sum + folderSize(path).bytes, 0))}`);
    else if (found.length > 0) this.log('nothing was removed');
    const entries = found.map(({kind, purpose, paths, bytes}) => ({kind, purpose, paths, bytes}));
    return {folder, entries, bytes, removed, kept};
  }

  #caches(folder: string): Removable[] {
    return findCaches(folder).map((cache) => ({...cache, remove: () => removeCache(cache, folder)}));
  }

  #platforms(runtime: string): Removable[] {
    return otherPlatforms(runtime).map((path) => ({
      kind: path.slice(join(runtime, 'bin').length + 1),
      purpose: 'onnxruntime for another system or processor',
      paths: [path],
      bytes: folderSize(path).bytes,
      remove: () => removePlatform(path),
    }));
  }

  #show(found: Removable[], folder: string, bytes: number): void {
    if (found.length === 0) {
      this.log(`nothing to remove in ${printable(displayPath(folder))}`);
      return;
    }
    const rows = found.map((each) => [
      each.kind,
      formatBytes(each.bytes),
      `${each.purpose}${each.paths.length > 1 ? ` (${each.paths.length})` : ''}`,
    ]);
    this.log(this.style.bold(printable(displayPath(folder))));
    this.log(renderTable([...rows, ['all', formatBytes(bytes), '']], 'lrl'));
  }

  /** @throws RiceError USAGE where somebody would have to be asked and nobody can be */
  async #isWanted(bytes: number): Promise<boolean> {
    if (this.flags['dry-run']) return false;
    if (this.flags.yes) return true;
    if (canAsk() && !this.jsonEnabled()) return confirm(`Remove ${formatBytes(bytes)}?`);
    const line = `rice clean${this.flags['other-platforms'] ? ' --other-platforms' : ''}`;
    throw new RiceError('USAGE', 'rice clean asks before it removes, and there is no terminal to ask at', {
      suggestions: [`Remove it with ${line} --yes.`, `Only see what there is with ${line} --dry-run.`],
    });
  }
}

/** @throws RiceError PATH_NOT_WRITABLE, as where the package was installed for all users */
function removePlatform(path: string): string[] {
  try {
    rmSync(path, {recursive: true});
  } catch (error) {
    throw fromFileSystemError(error, path, 'write');
  }
  try {
    rmdirSync(dirname(path));
  } catch {
    // Another processor of this system is in it.
  }
  return [];
}
