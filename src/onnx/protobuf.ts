/**
 * The part of the protobuf wire format that ONNX and the formats of trackers need. Tables of fields (`schema.ts`) describe the messages for both the
 * encoder and the decoder. The decoder skips unknown fields, as the format requires.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
type ScalarKind = NumberKind | 'string' | 'bytes';
type NumberKind = 'int64' | 'float' | 'double';

function isNumber(kind: Field['kind']): kind is NumberKind {
  return kind === 'int64' || kind === 'float' || kind === 'double';
}

/** A field: its number, its kind (a scalar or a message), and whether it is repeated. */
export interface Field {
  number: number;
  kind: ScalarKind | MessageType;
  repeated?: boolean;
}

/** The fields of a message by their TypeScript names. A function, because messages may refer to each other. */
export type MessageType = () => Record<string, Field>;

type Scalar = number | string | Uint8Array;
export type Message = {[field: string]: Scalar | Message | Scalar[] | Message[] | undefined};

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Encodes `message` with the fields of `type`. */
export function encodeMessage(message: object, type: MessageType): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [name, field] of Object.entries(type())) {
    const value = (message as Message)[name];
    if (value === undefined) continue;
    const values = (field.repeated ? value : [value]) as (Scalar | Message)[];
    if (field.repeated && isNumber(field.kind)) {
      if (values.length > 0) parts.push(lengthDelimited(field.number, encodePacked(values as number[], field.kind)));
      continue;
    }
    for (const each of values) parts.push(...encodeField(field, each));
  }
  return concatenate(parts);
}

/** Decodes `bytes` with the fields of `type`; byte fields are views into `bytes`. Throws a RangeError on damaged input. */
export function decodeMessage(bytes: Uint8Array, type: MessageType): Message {
  const fields = new Map(Object.entries(type()).map(([name, field]) => [field.number, {name, ...field}]));
  const message: Message = {};
  const reader = new Reader(bytes);
  while (!reader.done) {
    const tag = reader.varint();
    const wire = tag & 7;
    const field = fields.get(Math.floor(tag / 8));
    if (!field) {
      reader.skip(wire);
      continue;
    }
    if (!field.repeated) message[field.name] = reader.value(field.kind, wire);
    else {
      message[field.name] ??= [];
      const list = message[field.name] as (Scalar | Message)[];
      if (wire === LENGTH_DELIMITED && isNumber(field.kind)) list.push(...reader.packed(field.kind));
      else list.push(reader.value(field.kind, wire));
    }
  }
  return message;
}

/** The fields of a message as they stand in its bytes, undecoded: where each begins and ends. Throws as `decodeMessage`. */
export function* fieldRanges(bytes: Uint8Array): Generator<{number: number; start: number; end: number}> {
  const reader = new Reader(bytes);
  while (!reader.done) {
    const start = reader.offset;
    const tag = reader.varint();
    reader.skip(tag & 7);
    yield {number: Math.floor(tag / 8), start, end: reader.offset};
  }
}

function encodeField(field: Field, value: Scalar | Message): Uint8Array[] {
  switch (field.kind) {
    case 'int64':
      return [varint(field.number * 8 + VARINT), varint(value as number)];
    case 'float':
      return [varint(field.number * 8 + FIXED32), float32(value as number)];
    case 'double':
      return [varint(field.number * 8 + FIXED64), float64(value as number)];
    case 'string':
      return [lengthDelimited(field.number, new TextEncoder().encode(value as string))];
    case 'bytes':
      return [lengthDelimited(field.number, value as Uint8Array)];
    default:
      return [lengthDelimited(field.number, encodeMessage(value as Message, field.kind))];
  }
}

const ENCODERS = {int64: varint, float: float32, double: float64};
const WIRES = {int64: VARINT, float: FIXED32, double: FIXED64};

function encodePacked(values: number[], kind: NumberKind): Uint8Array {
  return concatenate(values.map(ENCODERS[kind]));
}

function lengthDelimited(number: number, bytes: Uint8Array): Uint8Array {
  return concatenate([varint(number * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes]);
}

/** Negative numbers take ten bytes (64-bit two's complement). Numbers above 2^53 are not supported. */
function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function float32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return bytes;
}

function float64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

function concatenate(parts: Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    result.set(part, offset);
    offset += part.length;
  }
  return result;
}

class Reader {
  #offset = 0;
  readonly #view: DataView;

  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get done(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  varint(): number {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#view.getUint8(this.#offset++);
      result |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, result));
    }
    throw new RangeError('a varint of more than ten bytes');
  }

  value(kind: Field['kind'], wire: number): Scalar | Message {
    if (kind === 'int64') {
      if (wire !== VARINT) throw new RangeError(`wire type ${wire} where an integer was expected`);
      return this.varint();
    }
    if (kind === 'float') {
      if (wire !== FIXED32) throw new RangeError(`wire type ${wire} where a float was expected`);
      this.#offset += 4;
      return this.#view.getFloat32(this.#offset - 4, true);
    }
    if (kind === 'double') {
      if (wire !== FIXED64) throw new RangeError(`wire type ${wire} where a double was expected`);
      this.#offset += 8;
      return this.#view.getFloat64(this.#offset - 8, true);
    }
    if (wire !== LENGTH_DELIMITED) throw new RangeError(`wire type ${wire} where bytes were expected`);
    const bytes = this.#take(this.varint());
    if (kind === 'bytes') return bytes;
    if (kind === 'string') return new TextDecoder().decode(bytes);
    return decodeMessage(bytes, kind);
  }

  packed(kind: NumberKind): number[] {
    const inner = new Reader(this.#take(this.varint()));
    const values: number[] = [];
    while (!inner.done) values.push(inner.value(kind, WIRES[kind]) as number);
    return values;
  }

  skip(wire: number): void {
    if (wire === VARINT) this.varint();
    else if (wire === FIXED64) this.#take(8);
    else if (wire === LENGTH_DELIMITED) this.#take(this.varint());
    else if (wire === FIXED32) this.#take(4);
    else throw new RangeError(`unknown wire type ${wire}`);
  }

  #take(length: number): Uint8Array {
    if (length < 0 || this.#offset + length > this.#bytes.length)
      throw new RangeError('a field longer than its message');
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }
}
