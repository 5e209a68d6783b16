import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';

/** The folder that onnxruntime-node is installed in; undefined where it is not there. */
export function runtimeFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  } catch {
    return undefined;
  }
}

/** Such as `1.30.0`. */
export function runtimeVersion(): string | undefined {
  const folder = runtimeFolder();
  if (folder === undefined) return undefined;
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {version: string}).version;
}

/**
 * The folders of onnxruntime's libraries for other systems and processors than these, which its package holds as well:
 * `bin/napi-v6/win32/x64`. None where its own are not there, for then something else is wrong.
 */
export function otherPlatforms(
  runtime: string | undefined = runtimeFolder(),
  {platform, arch}: {platform: string; arch: string} = process,
): string[] {
  if (runtime === undefined) return [];
  const bin = join(runtime, 'bin');
  const all = namesIn(bin).flatMap((version) =>
    namesIn(join(bin, version)).flatMap((system) =>
      namesIn(join(bin, version, system)).map((processor) => ({
        folder: join(bin, version, system, processor),
        own: system === platform && processor === arch,
      })),
    ),
  );
  return all.some(({own}) => own) ? all.filter(({own}) => !own).map(({folder}) => folder) : [];
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
