import type {WeightTensor} from '../weights.ts';
import {ByteReader} from './byte-reader.ts';
import {readPickle} from './pickle.ts';
import type {PickleHandlers} from './pickle-machine.ts';
import {findStateDict} from './state-dict.ts';
import {ForbiddenGlobal, TorchObjects} from './torch-objects.ts';
import {readTensors} from './torch-tensors.ts';

/** The number that the files begin with, as the first of their pickles. */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const MAGIC_BYTES = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
const PROTOCOL = 1001;

/** Whether a file is of PyTorch before 1.6, or saved as by it. */
export function isLegacyPth(bytes: Uint8Array): boolean {
  return MAGIC_BYTES.equals(bytes.subarray(0, MAGIC_BYTES.length));
}

/**
 * Reads a file of PyTorch in the format before zip archives: pickles of a magic number, the protocol, the machine, the object and the
 * keys of its storages; then for each key the number of elements in 8 bytes, and the elements.
 *
 * @throws Error with the reason
 */
export function readLegacyPth(bytes: Uint8Array): Map<string, WeightTensor> {
  const objects = new TorchObjects();
  let position = 0;
  const next = (handlers: PickleHandlers) => {
    const {value, end} = readPickle(bytes, position, handlers);
    position = end;
    return value;
  };
  if (next(NOTHING) !== MAGIC || next(NOTHING) !== PROTOCOL) throw new Error('it has an unknown protocol');
  const machine = next(NOTHING);
  if (!(machine instanceof Map) || machine.get('little_endian') !== true)
    throw new Error('it was saved on a big-endian machine');
  const saved = next(objects);
  const keys = next(NOTHING);
  const contents = readStorages(bytes, position, keys, objects);
  return readTensors(findStateDict(saved), ({key}) => {
    const content = contents.get(key);
    if (!content) throw new Error(`its storage ${JSON.stringify(key)} is missing`);
    return content;
  });
}

/** The pickles beside that of the object hold only numbers and text. */
const NOTHING: PickleHandlers = {
  find(module, name) {
    throw new ForbiddenGlobal(`${module}.${name}`);
  },
  load() {
    throw new Error('it has a storage where none belongs');
  },
};

/** The bytes of each storage, in the order of their keys. */
function readStorages(
  bytes: Uint8Array,
  start: number,
  keys: unknown,
  {storages}: TorchObjects,
): Map<unknown, Uint8Array> {
  if (!Array.isArray(keys)) throw new Error('it has no list of storages');
  const reader = new ByteReader(bytes, start);
  const contents = new Map<unknown, Uint8Array>();
  for (const key of keys) {
    const storage = storages.get(key);
    if (!storage) throw new Error('it has a storage that no tensor uses');
    if (reader.uint64() !== storage.elements) throw new Error(`its storage ${JSON.stringify(key)} has another length`);
    contents.set(key, reader.bytes(storage.elements * storage.type.bytes));
  }
  if (reader.position !== bytes.length)
    throw new Error(`it has ${bytes.length - reader.position} bytes behind its last storage`);
  return contents;
}
