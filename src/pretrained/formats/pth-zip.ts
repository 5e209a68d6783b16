import {RiceError} from '../../common/errors.ts';
import type {Content} from '../../fetching/unpack/container.ts';
import {Extractor} from '../../fetching/unpack/extract.ts';
import {openZip} from '../../fetching/unpack/zip-container.ts';
import type {WeightTensor} from '../weights.ts';
import {readPickle} from './pickle.ts';
import {findStateDict} from './state-dict.ts';
import {TorchObjects} from './torch-objects.ts';
import {readTensors} from './torch-tensors.ts';

/** How a zip archive begins. */
const SIGNATURE = Buffer.from('PK\x03\x04');

export function isZip(bytes: Uint8Array): boolean {
  return SIGNATURE.equals(bytes.subarray(0, SIGNATURE.length));
}

/** A file of an archive, unpacked. */
type ReadEntry = (path: string) => Uint8Array | undefined;

/**
 * Reads a file of PyTorch since 1.6: a zip archive with one folder, in which are `data.pkl`, the object, and `data/KEY`, its
 * storages.
 *
 * @param most bytes that it may unpack to
 * @throws Error with the reason; RiceError PATH_...
 */
export async function readZipPth(path: string, most: number): Promise<Map<string, WeightTensor>> {
  const extractor = new Extractor('it');
  try {
    const entries = await listEntries(path, most);
    const pickles = [...entries.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
    if (pickles.length !== 1) throw new Error('it is a zip archive without the data.pkl of PyTorch');
    const folder = pickles[0].slice(0, -'data.pkl'.length);
    // Valid until the next call.
    return readFolder((name) => {
      const entry = entries.get(folder + name);
      return entry && extractor.extract(name, entry.bytes, entry.content);
    });
  } catch (error) {
    // Their suggestions are for archives of datasets.
    if (error instanceof RiceError && error.code.startsWith('ARCHIVE_')) throw new Error(error.message, {cause: error});
    throw error;
  } finally {
    extractor.close();
  }
}

function readFolder(read: ReadEntry): Map<string, WeightTensor> {
  const order = read('byteorder');
  if (order && Buffer.from(order).toString().trim() !== 'little')
    throw new Error('it was saved on a big-endian machine');
  const objects = new TorchObjects();
  // The values of a pickle outlive the buffer of the extractor.
  const pickle = new Uint8Array(read('data.pkl')!);
  const {value, end} = readPickle(pickle, 0, objects);
  if (end !== pickle.length) throw new Error(`its data.pkl has ${pickle.length - end} bytes behind its end`);
  return readTensors(findStateDict(value), ({key}) => {
    const content = read(`data/${key}`);
    if (!content) throw new Error(`its storage ${JSON.stringify(key)} is missing`);
    return content;
  });
}

async function listEntries(path: string, most: number): Promise<Map<string, {bytes: number; content: Content}>> {
  const {entries, contents} = await openZip(path, {name: 'it', limits: {files: 100_000, bytes: most, fileBytes: most}});
  const found = new Map<string, {bytes: number; content: Content}>();
  for await (const {entry, content} of contents(new Set(entries.keys())))
    found.set(entries[entry].path, {bytes: entries[entry].bytes, content});
  if (found.size < entries.length) throw new Error('it has two entries of one name');
  return found;
}
