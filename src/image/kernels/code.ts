import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {packageRoot} from '../../common/package-root.ts';

/** The compiled kernels. In a browser, `src/exporting/web/browser/worker/kernels-code.ts` takes the place of this file. */
export function kernelsCode(): Uint8Array {
  return readFileSync(join(packageRoot(), 'dist', 'image', 'kernels.wasm'));
}
