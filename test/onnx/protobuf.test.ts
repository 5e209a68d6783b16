import {expect} from 'chai';
import {decodeMessage, encodeMessage, type MessageType} from '../../src/onnx/protobuf.ts';
import {randomNumbers} from '../helpers/images.ts';

const INNER: MessageType = () => ({a: {number: 1, kind: 'int64'}});
const MESSAGE: MessageType = () => ({
  a: {number: 1, kind: 'int64'},
  text: {number: 2, kind: 'string'},
  inner: {number: 3, kind: INNER},
  ratio: {number: 4, kind: 'float'},
  blob: {number: 5, kind: 'bytes'},
  list: {number: 6, kind: 'int64', repeated: true},
  ratios: {number: 7, kind: 'float', repeated: true},
  inners: {number: 8, kind: INNER, repeated: true},
  texts: {number: 9, kind: 'string', repeated: true},
  far: {number: 20, kind: 'int64'},
  exact: {number: 30, kind: 'double'},
  exacts: {number: 31, kind: 'double', repeated: true},
});

/** The first four rows are the examples of https://protobuf.dev/programming-guides/encoding; the others are made by hand. */
const GOLDEN: [what: string, message: Record<string, unknown>, bytes: string][] = [
  ['a varint of two bytes', {a: 150}, '08 96 01'],
  ['a string', {text: 'testing'}, '12 07 74 65 73 74 69 6e 67'],
  ['a message in a message', {inner: {a: 150}}, '1a 03 08 96 01'],
  ['packed integers', {list: [3, 270, 86942]}, '32 06 03 8e 02 9e a7 05'],
  ['a negative number in ten bytes', {a: -2}, '08 fe ff ff ff ff ff ff ff ff 01'],
  ['zero', {a: 0}, '08 00'],
  ['the largest byte and the first beyond', {list: [127, 128]}, '32 03 7f 80 01'],
  ['2^53', {a: 2 ** 53}, '08 80 80 80 80 80 80 80 10'],
  ['a field number beyond 15', {far: 1}, 'a0 01 01'],
  ['a float, little-endian', {ratio: 1.5}, '25 00 00 c0 3f'],
  ['packed floats', {ratios: [1, -2]}, '3a 08 00 00 80 3f 00 00 00 c0'],
  ['a double, little-endian', {exact: 0.1}, 'f1 01 9a 99 99 99 99 99 b9 3f'],
  ['packed doubles', {exacts: [1, -2]}, 'fa 01 10 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 00 c0'],
  ['bytes', {blob: Uint8Array.of(0, 255)}, '2a 02 00 ff'],
  ['text beyond ASCII', {text: 'ñ'}, '12 02 c3 b1'],
  ['repeated messages, one empty', {inners: [{a: 1}, {}]}, '42 02 08 01 42 00'],
  ['repeated strings are not packed', {texts: ['a', '']}, '4a 01 61 4a 00'],
];

describe('onnx: protobuf', () => {
  for (const [what, message, bytes] of GOLDEN) {
    it(`writes and reads ${what}`, () => {
      expect(hex(encodeMessage(message, MESSAGE))).to.equal(bytes);
      expect(decodeMessage(fromHex(bytes), MESSAGE)).to.deep.equal(message);
    });
  }

  it('writes nothing for missing fields and empty lists', () => {
    expect(encodeMessage({a: undefined, list: [], inners: []}, MESSAGE)).to.have.length(0);
  });

  it('reads unpacked integers and floats', () => {
    expect(decodeMessage(fromHex('30 03 30 8e 02 3d 00 00 80 3f'), MESSAGE)).to.deep.equal({
      list: [3, 270],
      ratios: [1],
    });
  });

  it('skips unknown fields of every wire type', () => {
    const unknown = '50 96 01 | 51 01 02 03 04 05 06 07 08 | 52 03 01 02 03 | 55 01 02 03 04 | f8 ff 03 01';
    expect(decodeMessage(fromHex(`08 05 ${unknown.replaceAll('|', '')} 12 01 78`), MESSAGE)).to.deep.equal({
      a: 5,
      text: 'x',
    });
  });

  it('returns bytes as a view of the input, not a copy', () => {
    const input = fromHex('2a 02 00 ff');
    const {blob} = decodeMessage(input, MESSAGE) as {blob: Uint8Array};
    expect(blob.buffer).to.equal(input.buffer);
  });

  for (const [what, bytes] of [
    ['a varint that does not end', '08 96'],
    ['a varint of more than ten bytes', `08 ${'ff '.repeat(10)}01`],
    ['a string longer than the message', '12 07 74 65'],
    ['a length beyond the address space', '12 ff ff ff ff ff ff ff ff 7f'],
    ['a negative length', '12 ff ff ff ff ff ff ff ff ff 01'],
    ['a float that is cut off', '25 00 00'],
    ['packed floats of five bytes', '3a 05 00 00 80 3f 00'],
    ['an inner message longer than its field', '1a 02 08 96'],
    ['a string instead of a number', '0a 01 78'],
    ['a number instead of a string', '10 05'],
    ['a number instead of a float', '20 05'],
    ['an unknown wire type', '57'],
    ['an unknown field that is cut off', '51 01 02'],
  ]) {
    it(`rejects ${what} with a RangeError`, () => {
      expect(() => decodeMessage(fromHex(bytes), MESSAGE)).to.throw(RangeError);
    });
  }

  it('returns a message or throws a RangeError for any bytes', () => {
    const random = randomNumbers(3);
    const sound = encodeMessage(
      {a: 150, text: 'abc', inner: {a: -1}, ratio: 2, blob: Uint8Array.of(1, 2), list: [1, 300], inners: [{a: 1}]},
      MESSAGE,
    );
    let refused = 0;
    for (let round = 0; round < 2000; round++) {
      const bytes = sound.slice(0, round % 2 ? sound.length : Math.floor(random() * sound.length));
      for (let change = 0; change < 3; change++)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      try {
        decodeMessage(bytes, MESSAGE);
      } catch (error) {
        expect(error).to.be.instanceOf(RangeError);
        refused++;
      }
    }
    expect(refused).to.be.greaterThan(200);
  });
});

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.trim().split(/\s+/), (byte) => Number.parseInt(byte, 16));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
