import {createHash} from 'node:crypto';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {create} from 'tar';
import {drawGrain, encodeJpeg} from '../../helpers/images.ts';

export const LABELS = ['Arborio', 'Basmati', 'Ipsala', 'Jasmine', 'Karacadag'];
export const FILES_A_LABEL = 4;

export interface SmallDataset {
  /** The folder with the label folders. */
  folder: string;
  /** The same as `.tar.gz`, in a wrapper folder. */
  archive: string;
  /** DVC's digest of the pictures. */
  digest: string;
  paths: string[];
}

/**
 * A dataset of drawn grains with the names of the published one; the last Ipsala is a copy of the first.
 *
 * @param padding bytes that make the archive larger
 */
export async function writeSmallDataset(folder: string, padding = 0): Promise<SmallDataset> {
  const root = join(folder, 'original', 'Rice_Image_Dataset');
  const paths: string[] = [];
  for (const [row, label] of LABELS.entries()) {
    mkdirSync(join(root, label), {recursive: true});
    for (let number = 1; number <= FILES_A_LABEL; number++) {
      const name = label === 'Basmati' && number > 1 ? 'basmati' : label;
      const seed = label === 'Ipsala' && number === FILES_A_LABEL ? 1 : number;
      const drawing = {size: 60, length: 30 + row * 4, width: 10, angle: seed * 31, seed: row * 10 + seed, noise: 3};
      writeFileSync(join(root, label, `${name} (${number}).jpg`), encodeJpeg(drawGrain(drawing)));
      paths.push(`${label}/${name} (${number}).jpg`);
    }
  }
  writeFileSync(join(root, 'Rice_Citation_Request.txt'), 'Please cite.\n');
  writeFileSync(join(root, '.DS_Store'), 'dropping');
  if (padding > 0) writeFileSync(join(root, 'padding.bin'), noise(padding));
  const archive = join(folder, 'rice.tar.gz');
  await create({gzip: true, cwd: join(folder, 'original'), file: archive, portable: true}, ['Rice_Image_Dataset']);
  return {folder: root, archive, digest: digestOf(root, paths), paths};
}

/** DVC's digest by its definition, with JSON as Python writes it; for names of printable ASCII only. */
export function digestOf(root: string, paths: readonly string[]): string {
  const md5 = (bytes: Uint8Array | string) => createHash('md5').update(bytes).digest('hex');
  const items = [...paths]
    .sort()
    .map((path) => `{"md5": "${md5(readFileSync(join(root, path)))}", "relpath": "${path}"}`);
  return `${md5(`[${items.join(', ')}]`)}.dir`;
}

/** Incompressible bytes, the same each time. */
function noise(bytes: number): Buffer {
  const blocks = Array.from({length: Math.ceil(bytes / 32)}, (_, i) => createHash('sha256').update(String(i)).digest());
  return Buffer.concat(blocks).subarray(0, bytes);
}
