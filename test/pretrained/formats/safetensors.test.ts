import {createHash} from 'node:crypto';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {readSafetensors, writeSafetensors} from '../../../src/pretrained/formats/safetensors.ts';
import {toFloat32} from '../../../src/pretrained/formats/to-float32.ts';
import {Damage} from './damage.ts';

/**
 * Written by the official library, safetensors 0.8.0, from conv.weight [[1.5, -2.25, 3e-8], [65504, 0, -0]], bn.bias [0.1, 0.2],
 * empty [0, 3], and three tensors whose names sort differently by UTF-16 code units; metadata format: pt.
 */
const OFFICIAL = Buffer.from(
  'kAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJibi5iaWFzIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpb' +
    'MCw4XX0sImNvbnYud2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNldHMiOls4LDMyXX0sImVtcHR5Ijp7ImR0eXBlIjoiRjMy' +
    'Iiwic2hhcGUiOlswLDNdLCJkYXRhX29mZnNldHMiOlszMiwzMl19LCJ67oCAIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbMzIs' +
    'MzZdfSwievCfjL4iOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOlszNiw0MF19LCLDvC7lkI0iOnsiZHR5cGUiOiJGMzIiLCJzaGFw' +
    'ZSI6W10sImRhdGFfb2Zmc2V0cyI6WzQwLDQ0XX19ICAgICAgzczMPc3MTD4AAMA/AAAQwFnZADMA4H9HAAAAAAAAAIAAAABAAACAPwAA4EA=',
  'base64',
);

/** By the same library: [[1.5, -2.25, 3e-8], [65504, 0, -0]] as half, brain, double and float; an int64; three booleans. */
const MIXED = Buffer.from(
  'cAEAAAAAAAB7ImNvdW50Ijp7ImR0eXBlIjoiSTY0Iiwic2hhcGUiOltdLCJkYXRhX29mZnNldHMiOlswLDhdfSwiZG91YmxlIjp7ImR0eXBlIjoiRjY0Iiwic2hh' +
    'cGUiOlsyLDNdLCJkYXRhX29mZnNldHMiOls4LDU2XX0sImZsb2F0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNldHMiOls1Niw4MF19' +
    'LCJicmFpbiI6eyJkdHlwZSI6IkJGMTYiLCJzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6WzgwLDkyXX0sImhhbGYiOnsiZHR5cGUiOiJGMTYiLCJzaGFwZSI6' +
    'WzIsM10sImRhdGFfb2Zmc2V0cyI6WzkyLDEwNF19LCJtYXNrIjp7ImR0eXBlIjoiQk9PTCIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzEwNCwxMDddfX0g' +
    'ICAgIAMAAAAAAAAAAAAAAAAA+D8AAAAAAAACwAAAACArG2A+AAAAAAD870AAAAAAAAAAAAAAAAAAAACAAADAPwAAEMBZ2QAzAOB/RwAAAAAAAACAwD8QwAEzgEcA' +
    'AACAAD6AwAEA/3sAAACAAQAB',
  'base64',
);

const VALUES = [1.5, -2.25, Math.fround(3e-8), 65504, 0, -0];

describe('a safetensors file', () => {
  it('of the official library is read', () => {
    const {tensors, metadata} = readSafetensors(OFFICIAL, 'w');
    expect([...metadata]).to.deep.equal([['format', 'pt']]);
    expect([...tensors.keys()]).to.deep.equal(['bn.bias', 'conv.weight', 'empty', 'z\ue000', 'z\u{1f33e}', 'ü.名']);
    expect(tensors.get('conv.weight')).to.deep.equal({shape: [2, 3], data: Float32Array.from(VALUES)});
    expect(tensors.get('empty')).to.deep.equal({shape: [0, 3], data: new Float32Array()});
    expect(tensors.get('ü.名')).to.deep.equal({shape: [], data: Float32Array.of(7)});
  });

  it('is written byte for byte as by the official library, in whatever order the tensors come', () => {
    const {tensors, metadata} = readSafetensors(OFFICIAL, 'w');
    expect(Buffer.from(writeSafetensors(tensors, metadata)).equals(OFFICIAL)).to.equal(true);
    expect(Buffer.from(writeSafetensors(new Map([...tensors].reverse()), metadata)).equals(OFFICIAL)).to.equal(true);
  });

  it('is written the same whatever the order of its metadata, and without them', () => {
    const tensors = new Map([['a', {shape: [1], data: Float32Array.of(1)}]]);
    const written = writeSafetensors(
      tensors,
      new Map([
        ['b', '"quoted"\n'],
        ['a', '1'],
      ]),
    );
    expect([...readSafetensors(written, 'w').metadata]).to.deep.equal([
      ['a', '1'],
      ['b', '"quoted"\n'],
    ]);
    expect(readSafetensors(writeSafetensors(tensors), 'w')).to.deep.equal({tensors, metadata: new Map()});
  });

  it('is converted to float32, whatever its floating point type; integers are left out', () => {
    const {tensors} = readSafetensors(MIXED, 'w');
    expect([...tensors.keys()]).to.deep.equal(['double', 'float', 'brain', 'half']);
    const read = (name: string) => [...tensors.get(name)!.data];
    expect(read('float')).to.deep.equal(VALUES);
    expect(read('double')).to.deep.equal(VALUES);
    // As PyTorch converts them back.
    expect(read('half')).to.deep.equal([1.5, -2.25, 2 ** -24, 65504, 0, -0]);
    expect(read('brain')).to.deep.equal([1.5, -2.25, 3.003515303134918e-8, 65536, 0, -0]);
  });

  it('has its own copy of the numbers', () => {
    const bytes = Buffer.from(OFFICIAL);
    const {tensors} = readSafetensors(bytes, 'w');
    bytes.fill(0);
    expect([...tensors.get('conv.weight')!.data]).to.deep.equal(VALUES);
  });
});

describe('half precision', () => {
  it('is converted as by NumPy, all finite numbers of it', () => {
    const all = toFloat32(new Uint8Array(Uint16Array.from({length: 65_536}, (_, i) => i).buffer), 'float16');
    const finite = all.filter(Number.isFinite);
    expect(finite).to.have.length(63_488);
    const hash = createHash('sha256').update(new Uint8Array(finite.buffer)).digest('hex');
    // hashlib.sha256(x[numpy.isfinite(x)].tobytes()), x = numpy.arange(65536, dtype='u2').view('f2').astype('f4')
    expect(hash).to.equal('cb34a8c3b8855f6ca5a3c91b264f3bf21176b2e1d85203a881efb0cabe2d5c80');
    expect([all[0x7c00], all[0xfc00], all[0x7c01]]).to.deep.equal([Infinity, -Infinity, NaN]);
  });
});

describe('a safetensors file is refused', () => {
  const entry = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
  const second = '{"dtype":"F32","shape":[1],"data_offsets":[4,8]}';
  const at = (offsets: string, shape = '[1]', dtype = '"F32"') =>
    `{"a":{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}}`;

  const CASES: [what: string, header: string | Uint8Array, dataBytes: number, reason: RegExp][] = [
    ['with bytes behind its tensors', `{"a":${entry}}`, 5, /nothing describes its last 1 bytes/],
    ['that is cut', `{"a":${entry}}`, 3, /it has 71 bytes instead of 72|it has \d+ bytes instead of \d+/],
    [
      'with a hole',
      `{"a":${entry},"b":{"dtype":"F32","shape":[1],"data_offsets":[6,10]}}`,
      10,
      /the 2 bytes before "b"/,
    ],
    ['with a hole at the start', at('[4,8]'), 8, /the 4 bytes before "a"/],
    ['with an overlap', `{"a":${entry},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}`, 6, /"b" overlaps/],
    ['whose size is not that of type and shape', at('[0,4]', '[2]'), 4, /has 4 bytes, but F32 \[2\] takes 8/],
    ['with a size that overflows', at('[0,4]', '[4294967296,4294967296]'), 4, /takes 73786976294838210000/],
    ['of an unknown type', at('[0,4]', '[1]', '"F31"'), 4, /unknown type "F31"/],
    ['whose type is the name of a method', at('[0,4]', '[1]', '"toString"'), 4, /unknown type "toString"/],
    ['whose type is not text', at('[0,4]', '[1]', '32'), 4, /unknown type 32/],
    ['of a type that no weights have', at('[0,8]', '[1]', '"C64"'), 8, /has the type C64/],
    ['with a negative offset', at('[-4,0]'), 4, /the number -4/],
    ['with offsets that go back', at('[4,0]'), 4, /has -4 bytes/],
    ['with an unsafe offset', at('[0,18446744073709551615]'), 4, /invalid offsets/],
    ['with three offsets', at('[0,4,4]'), 4, /invalid offsets/],
    ['with a fraction', at('[0,4]', '[1.0]'), 4, /the number 1\.0/],
    ['with an exponent', at('[0,4]', '[1e0]'), 4, /the number 1e0/],
    ['with a negative zero', at('[-0,4]'), 4, /the number -0/],
    ['with a shape that is no list', at('[0,4]', '1'), 4, /invalid shape/],
    ['with a field that is unknown', `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}`, 4, /described by/],
    ['without a field', '{"a":{"dtype":"F32","shape":[1]}}', 4, /described by/],
    ['with a tensor that is a list', '{"a":[]}', 0, /described by/],
    ['with a tensor that is null', '{"a":null}', 0, /described by/],
    ['with metadata that are no text', `{"__metadata__":{"a":1},"a":${entry}}`, 4, /__metadata__ has "a"/],
    ['with metadata that are no object', `{"__metadata__":null,"a":${entry}}`, 4, /__metadata__ is not an object/],
    ['with a name twice', `{"a":${entry},"a":${second}}`, 8, /its header has "a" twice/],
    ['with a name twice, spelled differently', `{"a":${entry},"\\u0061":${second}}`, 8, /"\\u0061" twice/],
    ['with a field twice', `{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4, /"dtype" twice/],
    ['with metadata twice', `{"__metadata__":{},"__metadata__":{},"a":${entry}}`, 4, /"__metadata__" twice/],
    ['with the name __proto__', `{"__proto__":${entry}}`, 4, /"__proto__" has a forbidden name/],
    ['without a name', `{"":${entry}}`, 4, /"" has a forbidden name/],
    ['without a header', '', 0, /does not begin with \{/],
    ['with a list as header', '[]', 0, /does not begin with \{/],
    ['with a blank before the header', ' {}', 0, /does not begin with \{/],
    ['with something behind the header', '{}x', 0, /is not JSON/],
    ['that is not UTF-8', Buffer.from('7b22ff22', 'hex'), 0, /is not UTF-8/],
    ['with nested lists without end', `{"a":${'['.repeat(100_000)}`, 0, /is not JSON/],
  ];
  for (const [what, header, dataBytes, reason] of CASES)
    it(what, () => {
      const json = Buffer.from(header as string);
      const length = Buffer.alloc(8);
      length.writeBigUInt64LE(BigInt(json.length));
      expectInvalid(Buffer.concat([length, json, Buffer.alloc(dataBytes)]), reason);
    });

  it('with a header longer than the file, or than the format allows', () => {
    const length = (bytes: bigint) => {
      const file = Buffer.alloc(16);
      file.writeBigUInt64LE(bytes);
      return file;
    };
    expectInvalid(length(9n), /it ends within its header/);
    expectInvalid(length(100_000_001n), /its header would have 100000001 bytes/);
    expectInvalid(length(2n ** 64n - 1n), /its header would have/);
  });

  it('of less than 8 bytes', () => {
    for (const bytes of [0, 7]) expectInvalid(Buffer.alloc(bytes), new RegExp(`it has only ${bytes} bytes`));
  });

  it('wherever it is cut', () => {
    for (let end = 0; end < OFFICIAL.length; end++) expectInvalid(OFFICIAL.subarray(0, end), /./);
  });

  it('or read as it says, when it is damaged at random', () => {
    const damage = new Damage(1);
    let valid = 0;
    for (let k = 0; k < 4000; k++) {
      const bytes = damage.damage(k % 2 === 0 ? OFFICIAL : MIXED);
      try {
        const {tensors} = readSafetensors(bytes, 'w');
        const elements = [...tensors.values()].reduce((sum, {data}) => sum + data.length, 0);
        expect(elements * 2).to.be.at.most(bytes.length);
        valid++;
      } catch (error) {
        expect(error).to.be.instanceOf(RiceError).with.property('code', 'WEIGHTS_INVALID');
      }
    }
    expect(valid).to.be.within(50, 3000);
  });

  function expectInvalid(bytes: Uint8Array, reason: RegExp): void {
    expect(() => readSafetensors(bytes, 'w.safetensors'))
      .to.throw(RiceError, reason)
      .with.property('code', 'WEIGHTS_INVALID');
  }
});
