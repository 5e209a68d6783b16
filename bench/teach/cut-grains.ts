import {execFileSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

/** A grain that was cut out of a photograph. */
export interface CutGrain {
  variety: string;
  photograph: string;
  file: string;
}

/** Diameter in millimeters of the bottle cap in the photographs: about, but the same in all. */
const CAP = 28;

/** Cuts the grains out of photographs named `..._VARIETY_Raw_N.jpg`, with the built rice, as docs/own-camera.md does. */
export async function cutGrains(photographs: string, out: string): Promise<CutGrain[]> {
  const bin = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
  return readdirSync(photographs).flatMap((name) => {
    const variety = /_([^_]+)_Raw_\d+\.jpe?g$/i.exec(name)?.[1];
    if (variety === undefined) return [];
    const folder = join(out, variety, name);
    const args = ['scan', join(photographs, name), '--reference', `coin:${CAP}`, '--crops', folder, '--quiet'];
    execFileSync(process.execPath, [bin, ...args], {stdio: ['ignore', 'ignore', 'inherit']});
    return readdirSync(folder)
      .filter((file) => file.endsWith('.png'))
      .map((file) => ({variety, photograph: name, file: join(folder, file)}));
  });
}
