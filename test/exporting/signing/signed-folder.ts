import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

/** What the folder of `golden.ts` holds. The names sort otherwise as texts than part by part, as signatures list them. */
export const CONTENT: Readonly<Record<string, string | Uint8Array>> = {
  'model.onnx': Uint8Array.from({length: 256}, (_, i) => i),
  'labels.txt': 'Arborio\nBasmati\n',
  'sub/weights.bin': 'weights',
  'sub-a/page.html': '<p>page</p>',
  'größe.txt': '',
  '.hidden': 'hidden',
  '.gitignore': 'not signed',
};

/** The names that a signature covers, in its order. */
export const SIGNED_NAMES = ['.hidden', 'größe.txt', 'labels.txt', 'model.onnx', 'sub/weights.bin', 'sub-a/page.html'];

export function writeFolder(folder: string): string {
  for (const [name, content] of Object.entries(CONTENT)) {
    mkdirSync(dirname(join(folder, name)), {recursive: true});
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
