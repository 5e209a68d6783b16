import {existsSync, mkdirSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {makeTemporaryFolder, removeAbandonedFolders} from '../../common/files/temporary-folder.ts';
import {readDvcConfig} from './dvc-config.ts';
import {findUpwards, isFolder} from './find-upwards.ts';
import {findGitTop, isGitIgnored} from './git.ts';

/** The DVC repository of a dataset folder. */
export interface DvcRepository {
  /** The folder that contains `.dvc`. */
  root: string;
  /** The cache folder, with objects in `files/md5/...`; it may not exist yet. */
  cache: string;
  /** The top folder of the surrounding git repository, unless DVC is configured to ignore git. */
  git: string | undefined;
  /** Whether it already exists. */
  exists: boolean;
}

const IGNORE_FILE = `# Add patterns of files dvc should ignore, which could improve
# the performance. Learn more at
# https://dvc.org/doc/user-guide/dvcignore
`;

/**
 * The DVC repository for a dataset folder, which need not exist yet: the nearest one around it, else a new one in the top
 * folder of the git repository or, outside of git, in the parent folder of the dataset. Writes nothing.
 *
 * @throws RiceError DVC_UNUSABLE if DVC could not work with the folder there
 */
export function locateDvcRepository(folder: string): DvcRepository {
  const place = resolve(folder);
  const parent = dirname(place);
  if (parent === place) throw new RiceError('DVC_UNUSABLE', `${place} has no parent folder for a .dvc file`);
  if (isFolder(join(place, '.dvc')))
    throw new RiceError('DVC_UNUSABLE', `${place} is itself a DVC repository, so DVC cannot track it`, {
      suggestions: [`Remove ${join(place, '.dvc')}, or omit --dvc.`],
    });
  const found = findUpwards(parent, (place) => isFolder(join(place, '.dvc')));
  const root = found ?? findGitTop(parent) ?? parent;
  const config = readDvcConfig(root);
  const git = config.noScm ? undefined : findGitTop(root);
  if (git !== undefined)
    rejectIgnored(git, found === undefined ? [join(root, '.dvc'), `${place}.dvc`] : [`${place}.dvc`]);
  return {root, cache: config.cacheDir ?? join(root, '.dvc', 'cache'), git, exists: found !== undefined};
}

/**
 * Creates the repository like `dvc init`, unless it exists.
 *
 * @throws RiceError PATH_NOT_WRITABLE or DISK_FULL
 */
export function makeDvcRepository({root, git, exists}: DvcRepository): void {
  if (exists) return;
  const target = join(root, '.dvc');
  let temporary: string | undefined;
  try {
    mkdirSync(root, {recursive: true});
    removeAbandonedFolders(target);
    temporary = makeTemporaryFolder(target);
    writeFileSync(join(temporary, 'config'), git === undefined ? '[core]\n    no_scm = True\n' : '');
    if (git !== undefined) writeFileSync(join(temporary, '.gitignore'), '/config.local\n/tmp\n/cache\n');
    const ignoreFile = join(root, '.dvcignore');
    if (!existsSync(ignoreFile)) writeFileSync(ignoreFile, IGNORE_FILE);
    renameSync(temporary, target);
  } catch (error) {
    // Another process may have created it in the meantime.
    if (!isFolder(target)) throw fromFileSystemError(error, target, 'write');
  } finally {
    if (temporary !== undefined) rmSync(temporary, {recursive: true, force: true});
  }
}

function rejectIgnored(git: string, paths: string[]): void {
  const ignored = paths.find((path) => isGitIgnored(git, path));
  if (ignored === undefined) return;
  throw new RiceError('DVC_UNUSABLE', `git ignores ${ignored}, which DVC does not allow`, {
    suggestions: [
      `Find the line with: git check-ignore -v ${basename(ignored)} (in ${dirname(ignored)}), and remove it.`,
      'Put the dataset elsewhere with --dest, or omit --dvc.',
    ],
  });
}
