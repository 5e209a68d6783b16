/** The values of each field: bytes of messages and fixed numbers, integers as they are. */
export type WireFields = Record<number, (Buffer | bigint)[]>;

/** Reads a protobuf message without knowing what it is, independently of the reader in `src/`. */
export function fieldsOf(bytes: Buffer | bigint): WireFields {
  if (typeof bytes === 'bigint') throw new TypeError('an integer is no message');
  const fields: WireFields = {};
  let at = 0;
  const varint = (): bigint => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = bytes[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
      shift += 7n;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new RangeError('a field longer than its message');
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const value = wire === 0 ? varint() : take(wire === 1 ? 8 : wire === 5 ? 4 : Number(varint()));
    fields[tag >> 3] ??= [];
    fields[tag >> 3].push(value);
  }
  return fields;
}
