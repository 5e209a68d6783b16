import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

/** What of the manifest of `rice scan --crops` says where a picture comes from. */
interface CropManifest {
  crops?: unknown;
  grains?: {file?: unknown; picture?: unknown}[];
}

/**
 * The group of each picture: the photograph that it was cut from, where a manifest of `rice scan --crops` beside it or above
 * it says so, or else its own content, so that copies belong together.
 *
 * @param root of the paths
 * @param hashes SHA-256 of each picture
 */
export function pictureGroups(root: string, paths: readonly string[], hashes: readonly string[]): string[] {
  const manifests = new Map<string, Map<string, string>>();
  const manifestIn = (folder: string): Map<string, string> => {
    const known = manifests.get(folder);
    if (known) return known;
    const origins = readOrigins(join(root, folder));
    manifests.set(folder, origins);
    return origins;
  };
  return paths.map((path, i) => {
    const folder = dirname(path);
    // With --crops-by the manifest lies one folder higher.
    const origin =
      manifestIn(folder).get(path.slice(folder === '.' ? 0 : folder.length + 1)) ??
      manifestIn(dirname(folder)).get(path.slice(dirname(folder) === '.' ? 0 : dirname(folder).length + 1));
    return origin ?? hashes[i];
  });
}

/** By file, relative to the folder; a manifest that cannot be read says nothing. */
function readOrigins(folder: string): Map<string, string> {
  try {
    const {crops, grains = []} = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as CropManifest;
    if (crops === undefined) return new Map();
    return new Map(grains.map(({file, picture}) => [String(file), `photograph ${String(picture)}`]));
  } catch {
    return new Map();
  }
}
