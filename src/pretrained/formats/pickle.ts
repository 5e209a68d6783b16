import {ByteReader} from './byte-reader.ts';
import {type PickleHandlers, PickleMachine} from './pickle-machine.ts';
import {OPERATIONS} from './pickle-operations.ts';

const STOP = '.'.charCodeAt(0);

/**
 * Reads one Python pickle (protocols 2 to 5, pickletools.py) without running anything: lists and tuples become arrays, dicts
 * and sets become maps and sets, and only what the handlers know can be called.
 *
 * @returns the value, and the offset behind the pickle
 * @throws Error with the reason
 */
export function readPickle(bytes: Uint8Array, start: number, handlers: PickleHandlers): {value: unknown; end: number} {
  const reader = new ByteReader(bytes, start);
  const machine = new PickleMachine(handlers);
  for (;;) {
    const code = reader.byte();
    if (code === STOP) return {value: machine.pop(), end: reader.position};
    const operation = OPERATIONS.get(code);
    if (!operation) throw new Error(`it has the unknown pickle opcode 0x${code.toString(16).padStart(2, '0')}`);
    operation(machine, reader);
  }
}
