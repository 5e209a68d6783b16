import {createHash} from 'node:crypto';
import {accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fromFileSystemError} from '../../common/errors.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {removeAbandonedFolders} from '../../common/files/temporary-folder.ts';
import {linkFile, moveFile} from './place-file.ts';

const COMMIT = /^[0-9a-f]{40}$/;

/**
 * A repository in the cache of huggingface_hub, which Python's programs read and write as well:
 * `models--OWNER--NAME/snapshots/COMMIT/FILE` is a link to `blobs/DIGEST`, and `refs/main` has the commit of the branch.
 */
export class HubCache {
  readonly #folder: string;
  readonly #symlinks: boolean;

  constructor({cache, symlinks}: {cache: string; symlinks: boolean}, repository: string) {
    this.#folder = join(cache, `models--${repository.replaceAll('/', '--')}`);
    this.#symlinks = symlinks;
  }

  /** The commits that may have a file, that of `main` first. */
  commits(): string[] {
    const main = this.main();
    const others = namesIn(join(this.#folder, 'snapshots')).filter((name) => COMMIT.test(name) && name !== main);
    return main === undefined ? others : [main, ...others];
  }

  /** The commit of `main`, as it was when the hub was last asked. */
  main(): string | undefined {
    try {
      const commit = readFileSync(this.#main, 'utf8').trim();
      return COMMIT.test(commit) ? commit : undefined;
    } catch {
      return undefined;
    }
  }

  setMain(commit: string): void {
    if (this.main() !== commit) this.#write(this.#main, commit);
  }

  pathOf(commit: string, file: string): string {
    return join(this.#folder, 'snapshots', commit, file);
  }

  /**
   * The bytes of a file; undefined if it is not there.
   *
   * @throws RiceError PATH_NOT_READABLE
   */
  read(commit: string, file: string): Buffer | undefined {
    const path = this.pathOf(commit, file);
    try {
      return readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw fromFileSystemError(error, path, 'read');
    }
  }

  /** Whether there is content with this digest, so that content of this digest is as it was stored. */
  hasBlob(digest: string): boolean {
    return existsSync(this.#blob(digest));
  }

  /** Adds a small text file; one whose digest is not that of Git is left out, because Python would believe it. */
  addText(commit: string, file: string, {bytes, etag}: {bytes: Buffer; etag: string | undefined}): void {
    const digest = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    if (digest !== etag) return;
    this.#write(this.#blob(digest), bytes);
    this.#link(commit, file, digest);
  }

  /** Checks before a download that it can be kept. @throws RiceError PATH_NOT_WRITABLE or DISK_FULL */
  checkWritable(): void {
    const folder = join(this.#folder, 'blobs');
    this.#guard(folder, () => {
      mkdirSync(folder, {recursive: true});
      accessSync(folder, constants.W_OK);
    });
  }

  /** Moves a verified file into the cache. @throws RiceError PATH_NOT_WRITABLE or DISK_FULL */
  addFile(commit: string, file: string, {path, sha256}: {path: string; sha256: string}): void {
    const blob = this.#blob(sha256);
    this.#prepare(blob);
    this.#guard(blob, () => moveFile(path, blob));
    this.#link(commit, file, sha256);
  }

  get #main(): string {
    return join(this.#folder, 'refs', 'main');
  }

  #blob(digest: string): string {
    return join(this.#folder, 'blobs', digest);
  }

  #write(path: string, content: string | Uint8Array): void {
    this.#prepare(path);
    writeAtomically(path, content);
  }

  #prepare(path: string): void {
    this.#guard(path, () => mkdirSync(dirname(path), {recursive: true}));
    removeAbandonedFolders(path);
  }

  #link(commit: string, file: string, digest: string): void {
    const path = this.pathOf(commit, file);
    this.#prepare(path);
    this.#guard(path, () => linkFile(this.#blob(digest), path, this.#symlinks));
  }

  #guard(path: string, action: () => void): void {
    try {
      action();
    } catch (error) {
      throw fromFileSystemError(error, path, 'write');
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
