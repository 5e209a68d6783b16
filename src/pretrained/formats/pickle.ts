import {ByteReader} from './byte-reader.ts';

/** A class or function that a pickle may name, and what stands for a call of it. */
export class PickleGlobal {
  readonly name: string;
  readonly call: (args: unknown[]) => unknown;

  constructor(name: string, call: (args: unknown[]) => unknown) {
    this.name = name;
    this.call = call;
  }
}

export interface PickleHandlers {
  /** What stands for `module.name`. Throws for everything that is not known to be harmless. */
  find(module: string, name: string): PickleGlobal;
  /** What stands for an object that is stored outside the pickle. */
  load(id: unknown): unknown;
}

/** Marks the beginning of a list of arguments on the stack. */
const MARK = Symbol('mark');

/** Long integers are for hashes and magic numbers: more bytes than these are damage. */
const MAX_LONG_BYTES = 64;

/**
 * Reads one Python pickle (protocols 2 to 5, pickletools.py) without running anything: lists and tuples become arrays, dicts
 * and sets become maps and sets, and only what the handlers know can be called.
 *
 * @returns the value, and the offset behind the pickle
 * @throws Error with the reason
 */
export function readPickle(bytes: Uint8Array, start: number, handlers: PickleHandlers): {value: unknown; end: number} {
  const machine = new Machine(new ByteReader(bytes, start), handlers);
  return machine.run();
}

/** The stack machine that a pickle is a program for. */
class Machine {
  readonly #reader: ByteReader;
  readonly #handlers: PickleHandlers;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(reader: ByteReader, handlers: PickleHandlers) {
    this.#reader = reader;
    this.#handlers = handlers;
  }

  run(): {value: unknown; end: number} {
    for (;;) {
      const code = this.#reader.byte();
      if (code === STOP) return {value: this.pop(), end: this.#reader.position};
      const operation = OPERATIONS.get(code);
      if (!operation) throw new Error(`it has the unknown pickle opcode 0x${code.toString(16).padStart(2, '0')}`);
      operation(this, this.#reader);
    }
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  top(): unknown {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  /** Takes what lies above the last mark, and the mark. */
  popToMark(): unknown[] {
    const mark = this.#stack.lastIndexOf(MARK);
    if (mark < 0) throw new Error('its pickle has no mark where one is needed');
    const values = this.#stack.splice(mark);
    return values.slice(1);
  }

  popMany(count: number): unknown[] {
    return Array.from({length: count}, () => this.pop()).reverse();
  }

  mark(): void {
    this.#stack.push(MARK);
  }

  /** Whatever is on top, a mark too. */
  discard(): void {
    if (this.#stack.length === 0) throw new Error('its pickle takes more than it has');
    this.#stack.pop();
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) throw new Error(`its pickle refers to object ${index}, which it does not have`);
    this.push(this.#memo.get(index));
  }

  find(module: string, name: string): void {
    this.push(this.#handlers.find(module, name));
  }

  load(id: unknown): void {
    this.push(this.#handlers.load(id));
  }

  call(): void {
    const args = this.pop();
    const callee = this.pop();
    if (!(callee instanceof PickleGlobal) || !Array.isArray(args))
      throw new Error('its pickle calls what is no function');
    this.push(callee.call(args));
  }

  /** Attributes of an object, such as the `_metadata` of a state dict, are not needed. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) throw new Error('its pickle gives attributes to what has none');
  }

  append(values: unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw new Error('its pickle appends to what is no list');
    for (const value of values) list.push(value);
  }

  setItems(flat: unknown[]): void {
    const target = this.top();
    if (!(target instanceof Map) || flat.length % 2 !== 0) throw new Error('its pickle sets a key of what is no dict');
    for (let i = 0; i < flat.length; i += 2) target.set(flat[i], flat[i + 1]);
  }

  addItems(values: unknown[]): void {
    const target = this.top();
    if (!(target instanceof Set)) throw new Error('its pickle adds to what is no set');
    for (const value of values) target.add(value);
  }

  pop(): unknown {
    const value = this.#stack.at(-1);
    if (this.#stack.length === 0 || value === MARK) throw new Error('its pickle takes more than it has');
    this.#stack.pop();
    return value;
  }
}

type Operation = (machine: Machine, reader: ByteReader) => void;

const STOP = '.'.charCodeAt(0);

/** By opcode. Those that Python has not written since protocol 2 are left out. */
const OPERATIONS = new Map<number, Operation>(
  Object.entries<Operation>({
    '\x80': (_, reader) => checkProtocol(reader.byte()),
    // Frames only tell how much to read ahead.
    '\x95': (_, reader) => void reader.uint64(),
    '(': (machine) => machine.mark(),
    '0': (machine) => machine.discard(),
    '1': (machine) => void machine.popToMark(),
    N: (machine) => machine.push(null),
    '\x88': (machine) => machine.push(true),
    '\x89': (machine) => machine.push(false),
    J: (machine, reader) => machine.push(reader.int32()),
    K: (machine, reader) => machine.push(reader.byte()),
    M: (machine, reader) => machine.push(reader.uint16()),
    '\x8a': (machine, reader) => machine.push(longOf(reader, reader.byte())),
    '\x8b': (machine, reader) => machine.push(longOf(reader, reader.uint32())),
    G: (machine, reader) => machine.push(reader.float64BigEndian()),
    X: (machine, reader) => machine.push(reader.text(reader.uint32())),
    '\x8c': (machine, reader) => machine.push(reader.text(reader.byte())),
    '\x8d': (machine, reader) => machine.push(reader.text(reader.uint64())),
    // Strings of Python 2.
    T: (machine, reader) => machine.push(reader.text(reader.uint32())),
    U: (machine, reader) => machine.push(reader.text(reader.byte())),
    B: (machine, reader) => machine.push(reader.bytes(reader.uint32())),
    C: (machine, reader) => machine.push(reader.bytes(reader.byte())),
    '\x8e': (machine, reader) => machine.push(reader.bytes(reader.uint64())),
    '\x96': (machine, reader) => machine.push(reader.bytes(reader.uint64())),
    ']': (machine) => machine.push([]),
    ')': (machine) => machine.push([]),
    '}': (machine) => machine.push(new Map()),
    '\x8f': (machine) => machine.push(new Set()),
    t: (machine) => machine.push(machine.popToMark()),
    '\x85': (machine) => machine.push(machine.popMany(1)),
    '\x86': (machine) => machine.push(machine.popMany(2)),
    '\x87': (machine) => machine.push(machine.popMany(3)),
    '\x91': (machine) => machine.push(new Set(machine.popToMark())),
    a: (machine) => machine.append(machine.popMany(1)),
    e: (machine) => machine.append(machine.popToMark()),
    s: (machine) => machine.setItems(machine.popMany(2)),
    u: (machine) => machine.setItems(machine.popToMark()),
    '\x90': (machine) => machine.addItems(machine.popToMark()),
    q: (machine, reader) => machine.remember(reader.byte()),
    r: (machine, reader) => machine.remember(reader.uint32()),
    '\x94': (machine) => machine.memoize(),
    h: (machine, reader) => machine.recall(reader.byte()),
    j: (machine, reader) => machine.recall(reader.uint32()),
    c: (machine, reader) => machine.find(reader.line(), reader.line()),
    '\x93'(machine) {
      const [module, name] = machine.popMany(2);
      machine.find(String(module), String(name));
    },
    Q: (machine) => machine.load(machine.pop()),
    R: (machine) => machine.call(),
    '\x81': (machine) => machine.call(),
    b: (machine) => machine.build(),
  }).map(([code, operation]) => [code.charCodeAt(0), operation]),
);

function checkProtocol(protocol: number): void {
  if (protocol < 2 || protocol > 5) throw new Error(`it has a pickle of protocol ${protocol}`);
}

/** Two's complement, little-endian. */
function longOf(reader: ByteReader, length: number): number | bigint {
  if (length > MAX_LONG_BYTES) throw new Error(`its pickle has an integer of ${length} bytes`);
  if (length === 0) return 0;
  const hex = Buffer.from(reader.bytes(length)).reverse().toString('hex');
  const value = BigInt.asIntN(8 * length, BigInt(`0x${hex}`));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
