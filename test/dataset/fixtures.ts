import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';

/** A temporary folder for each test of the calling suite, removed after the test. */
export function useTemporaryFolder(): () => string {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rice-test-'));
  });
  afterEach(() => rmSync(folder, {recursive: true, force: true}));
  return () => folder;
}

/** Writes files: path relative to `root` to content. A path with a trailing slash makes an empty folder. */
export function writeTree(root: string, tree: Record<string, string | Uint8Array>): void {
  for (const [path, content] of Object.entries(tree)) {
    const target = join(root, path);
    mkdirSync(path.endsWith('/') ? target : dirname(target), {recursive: true});
    if (!path.endsWith('/')) writeFileSync(target, content);
  }
}
