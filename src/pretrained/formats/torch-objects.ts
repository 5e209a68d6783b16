import {PickleGlobal, type PickleHandlers} from './pickle-machine.ts';
import type {FloatType} from './to-float32.ts';

/** The element type of a storage: its size in bytes, and how to read it if it has weights. */
export interface StorageType {
  bytes: number;
  float?: FloatType;
}

/** By the name of the class in the module `torch`. */
const STORAGE_TYPES: Record<string, StorageType> = {
  DoubleStorage: {bytes: 8, float: 'float64'},
  FloatStorage: {bytes: 4, float: 'float32'},
  HalfStorage: {bytes: 2, float: 'float16'},
  BFloat16Storage: {bytes: 2, float: 'bfloat16'},
  LongStorage: {bytes: 8},
  IntStorage: {bytes: 4},
  ShortStorage: {bytes: 2},
  CharStorage: {bytes: 1},
  ByteStorage: {bytes: 1},
  BoolStorage: {bytes: 1},
};

/** Numbers outside the pickle, which tensors are views of. */
export class TorchStorage {
  readonly type: StorageType;
  readonly key: string;
  readonly elements: number;

  constructor(type: StorageType, key: string, elements: number) {
    this.type = type;
    this.key = key;
    this.elements = elements;
  }
}

/** A view of a storage; offset and strides in elements. */
export class TorchTensor {
  readonly storage: TorchStorage;
  readonly offset: number;
  readonly shape: number[];
  readonly strides: number[];

  constructor(storage: TorchStorage, offset: number, shape: number[], strides: number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** Something that only running code could read. */
export class ForbiddenGlobal extends Error {
  constructor(name: string) {
    super(`it refers to ${name}, which is neither a tensor nor a plain container`);
  }
}

/** What the pickles of PyTorch's files may name. Nothing is executed: a tensor is described, to be read later. */
export class TorchObjects implements PickleHandlers {
  /** By key. */
  readonly storages = new Map<string, TorchStorage>();
  readonly #types = new Map<PickleGlobal, StorageType>();

  find(module: string, name: string): PickleGlobal {
    const full = `${module}.${name}`;
    const call = FUNCTIONS[full];
    if (Object.hasOwn(FUNCTIONS, full)) return new PickleGlobal(full, call);
    if (module !== 'torch' || !Object.hasOwn(STORAGE_TYPES, name))
      throw new ForbiddenGlobal(JSON.stringify(full.slice(0, 200)).slice(1, -1));
    const global = new PickleGlobal(full, () => {
      throw new Error(`it makes a ${full} of its own`);
    });
    this.#types.set(global, STORAGE_TYPES[name]);
    return global;
  }

  /** `('storage', type, key, device, elements)`, in old files with a sixth field for views of storages. */
  load(id: unknown): TorchStorage {
    const [kind, global, key, , elements, view = null] = Array.isArray(id) ? id : [];
    const type = this.#types.get(global);
    if (kind !== 'storage' || !type || typeof key !== 'string' || !isSize(elements))
      throw new Error('it refers to something that is not a storage');
    if (view !== null) throw new Error('it has views of storages, as only very old versions of PyTorch wrote them');
    const known = this.storages.get(key);
    if (known && (known.type !== type || known.elements !== elements))
      throw new Error(`it describes the storage ${JSON.stringify(key)} twice`);
    const storage = known ?? new TorchStorage(type, key, elements);
    this.storages.set(key, storage);
    return storage;
  }
}

const FUNCTIONS: Record<string, (args: unknown[]) => unknown> = {
  'collections.OrderedDict': orderedDict,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': rebuildParameter,
};

/** Python 2 gives the items as an argument. */
function orderedDict([items = []]: unknown[]): Map<unknown, unknown> {
  if (!Array.isArray(items) || !items.every((item) => Array.isArray(item) && item.length === 2))
    throw new Error('it has an OrderedDict of what is no list of pairs');
  return new Map(items as [unknown, unknown][]);
}

function rebuildTensor([storage, offset, shape, strides]: unknown[]): TorchTensor {
  if (!(storage instanceof TorchStorage) || !isSize(offset) || !isSizes(shape) || !isSizes(strides))
    throw new Error('it has a tensor of invalid offset, shape or strides');
  if (shape.length !== strides.length) throw new Error('it has a tensor with more sizes than strides, or fewer');
  return new TorchTensor(storage, offset, shape, strides);
}

function rebuildParameter([data]: unknown[]): TorchTensor {
  if (!(data instanceof TorchTensor)) throw new Error('it has a parameter that is not a tensor');
  return data;
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isSize);
}
