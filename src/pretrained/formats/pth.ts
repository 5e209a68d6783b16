import {RiceError} from '../../common/errors.ts';
import type {WeightTensor} from '../weights.ts';
import {isLegacyPth, readLegacyPth} from './pth-legacy.ts';
import {isZip, readZipPth} from './pth-zip.ts';
import {ForbiddenGlobal} from './torch-objects.ts';

export function isPth(bytes: Uint8Array): boolean {
  return isZip(bytes) || isLegacyPth(bytes);
}

/**
 * Reads the state dict of a file of PyTorch, without executing anything: whatever is neither a tensor nor a plain container
 * is refused by its name.
 *
 * @param bytes of the file at `path`
 * @param name the file, for messages
 * @param most bytes that a zip archive may unpack to
 * @returns the tensors of floating point numbers; integers are left out
 * @throws RiceError WEIGHTS_INVALID, PATH_...
 */
export async function readPth(
  path: string,
  bytes: Uint8Array,
  {name, most}: {name: string; most: number},
): Promise<Map<string, WeightTensor>> {
  try {
    return isZip(bytes) ? await readZipPth(path, most) : readLegacyPth(bytes);
  } catch (error) {
    if (error instanceof RiceError) throw error;
    const suggestions =
      error instanceof ForbiddenGlobal
        ? ["Save only the weights, in Python: torch.save(model.state_dict(), 'weights.pth')"]
        : undefined;
    const message = `${name} is not a file of PyTorch that can be read: ${(error as Error).message}`;
    throw new RiceError('WEIGHTS_INVALID', message, {...(suggestions ? {suggestions} : {}), cause: error});
  }
}
