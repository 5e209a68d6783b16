import type {ByteReader} from './byte-reader.ts';
import type {PickleMachine} from './pickle-machine.ts';

/** Long integers are for hashes and magic numbers: more bytes than these are damage. */
const MAX_LONG_BYTES = 64;

type Operation = (machine: PickleMachine, reader: ByteReader) => void;

/** By opcode. Those that Python has not written since protocol 2 are left out. */
export const OPERATIONS = new Map<number, Operation>(
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
