import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {isPth, readPth} from '../../../src/pretrained/formats/pth.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';
import {writeZip} from '../../helpers/zip-writer.ts';
import {Damage} from './damage.ts';
import {type TorchFile, torchFile} from './torch-files.ts';

const MOST = 1e6;

describe('a file of PyTorch', () => {
  const folder = useTemporaryFolder();

  function read(bytes: Uint8Array) {
    const path = join(folder(), 'w.pth');
    writeFileSync(path, bytes);
    return readPth(path, bytes, {name: 'w.pth', most: MOST});
  }

  async function failure(bytes: Uint8Array): Promise<RiceError> {
    const error = await read(bytes).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(RiceError).with.property('code', 'WEIGHTS_INVALID');
    return error;
  }

  for (const kind of ['zip', 'legacy'] as const)
    it(`of the ${kind} format is read: parameters, views, types`, async () => {
      const bytes = torchFile(kind);
      expect(isPth(bytes)).to.equal(true);
      const tensors = await read(bytes);
      const found = Object.fromEntries([...tensors].map(([name, {shape, data}]) => [name, {shape, data: [...data]}]));
      const range = (length: number, at: (i: number) => number) => Array.from({length}, (_, i) => at(i));
      expect(found).to.deep.equal({
        'conv.weight': {shape: [2, 3, 4], data: range(24, (i) => i / 8)},
        turned: {shape: [6, 4], data: range(24, (i) => Math.floor(i / 4) + 6 * (i % 4))},
        part: {shape: [4], data: [5, 6, 7, 8]},
        step: {shape: [4], data: [0, 7, 14, 21]},
        half: {shape: [2], data: [1.5, -2.25]},
        brain: {shape: [2], data: [1.5, -3]},
        double: {shape: [1, 1], data: [Math.fround(0.1)]},
        scalar: {shape: [], data: [7]},
        empty: {shape: [0, 3], data: []},
      });
    });

  it('may be a checkpoint that has the weights beside other things', async () => {
    const expected = new Map([['a', {shape: [2], data: Float32Array.of(1, 2)}]]);
    expect(await read(torchFile('checkpoint'))).to.deep.equal(expected);
    expect(await read(torchFile('protocol4'))).to.deep.equal(expected);
  });

  const REFUSED: [file: TorchFile, reason: RegExp][] = [
    ['namespace', /it refers to argparse\.Namespace, which is neither a tensor nor a plain container/],
    ['builtin', /it refers to __builtin__\.print/],
    ['complex', /it refers to torch\.ComplexFloatStorage/],
    ['expanded', /the tensor "a" reaches beyond its storage/],
    ['list', /it does not hold a state dict/],
  ];
  for (const [file, reason] of REFUSED)
    it(`is refused: ${file}`, async () => {
      const {message, suggestions} = await failure(torchFile(file));
      expect(message)
        .to.match(reason)
        .and.to.match(/^w\.pth is not a file of PyTorch that can be read: /);
      if (reason.source.includes('refers')) expect(suggestions[0]).to.contain('torch.save(model.state_dict()');
    });

  it('that would run a program is refused, and nothing runs', async () => {
    // cos\nsystem\n("touch FILE"): what a malicious file does.
    const pickle = Buffer.from(`\x80\x02cos\nsystem\nX\x04\0\0\0true\x85R.`, 'latin1');
    const zip = writeZip([{name: 'archive/data.pkl', content: pickle, method: 0}]);
    expect((await failure(zip)).message).to.contain('it refers to os.system');
  });

  describe('whose tensors share a storage', () => {
    const shared = (names: string) =>
      writeZip([
        {name: 'm/data.pkl', content: dictOf(names)},
        {name: 'm/data/0', content: new Uint8Array(8)},
      ]);

    it('is read, each into memory of its own', async () => {
      const tensors = await read(shared('abcd'));
      expect([...tensors.keys()].join('')).to.equal('abcd');
      expect(tensors.get('a')!.data.buffer).to.not.equal(tensors.get('b')!.data.buffer);
    });

    it('is refused if that would take many times its size', async () => {
      expect((await failure(shared('abcde'))).message).to.contain('its tensors share storages many times over');
    });
  });

  it('is refused if a storage is of another module', async () => {
    const content = dictOf('a', 'evil\nFloatStorage');
    const {message} = await failure(writeZip([{name: 'm/data.pkl', content}]));
    expect(message).to.contain('it refers to evil.FloatStorage');
  });

  describe('is refused if its zip archive', () => {
    const content = dictOf('a');
    const pickle = {name: 'm/data.pkl', content};
    const storage = {name: 'm/data/0', content: new Uint8Array(8)};

    it('would be right otherwise', async () => {
      const tensors = await read(writeZip([pickle, storage]));
      expect([...tensors]).to.deep.equal([['a', {shape: [2], data: new Float32Array(2)}]]);
    });

    for (const [what, entries, reason] of [
      ['has no data.pkl', [storage], /without the data\.pkl of PyTorch/],
      ['has two', [pickle, {...pickle, name: 'n/data.pkl'}], /without the data\.pkl/],
      ['lacks a storage', [pickle], /its storage "0" is missing/],
      ['has a storage of another length', [pickle, {...storage, content: new Uint8Array(4)}], /"0" has 4 bytes/],
      ['has a wrong checksum', [pickle, {...storage, crc: 1}], /data\/0: its checksum is wrong/],
      ['has two storages of one name', [pickle, storage, storage], /two entries of one name/],
      ['is big-endian', [pickle, storage, {name: 'm/byteorder', content: 'big'}], /big-endian/],
      ['unpacks to too much', [pickle, {...storage, content: new Uint8Array(MOST)}], /it is too large/],
      [
        'has bytes behind the pickle',
        [{...pickle, content: Buffer.concat([content, Buffer.of(0)])}, storage],
        /1 bytes behind/,
      ],
    ] as const)
      it(what, async () => {
        expect((await failure(writeZip([...entries]))).message).to.match(reason);
      });
  });

  it('is refused wherever it is cut', async () => {
    for (const kind of ['zip', 'legacy'] as const) {
      const bytes = torchFile(kind);
      for (let end = 16; end < bytes.length; end += kind === 'zip' ? 41 : 7) await failure(bytes.subarray(0, end));
    }
  });

  it('is refused with anything behind it', async () => {
    const bytes = torchFile('legacy');
    expect((await failure(Buffer.concat([bytes, Buffer.of(1, 2)]))).message).to.contain(
      '2 bytes behind its last storage',
    );
  });

  it('is read as it says or refused, when it is damaged at random', async () => {
    const damage = new Damage(2);
    const kinds: TorchFile[] = ['legacy', 'zip', 'legacy', 'protocol4', 'legacy', 'checkpoint'];
    let valid = 0;
    for (let k = 0; k < 2000; k++) {
      const original = torchFile(kinds[k % kinds.length]);
      const bytes = damage.damage(original);
      if (!isPth(bytes)) continue;
      try {
        const tensors = await read(bytes);
        const elements = [...tensors.values()].reduce((sum, {data}) => sum + data.length, 0);
        expect(elements).to.be.at.most(4 * original.length);
        valid++;
      } catch (error) {
        expect(error, String((error as Error).stack))
          .to.be.instanceOf(RiceError)
          .with.property('code', 'WEIGHTS_INVALID');
      }
    }
    expect(valid).to.be.within(50, 2500);
  });
});

/** A pickle, protocol 2, of a dict with tensors of two float32, all of the storage "0". */
function dictOf(names: string, storage = 'torch\nFloatStorage'): Buffer {
  const text = (value: string) => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
  const id = `(${text('storage')}c${storage}\n${text('0')}${text('cpu')}K\x02tQ`;
  const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${id}K\0K\x02\x85K\x01\x85\x89)tR`;
  return Buffer.from(`\x80\x02}${[...names].map((name) => `${text(name)}${tensor}s`).join('')}.`, 'latin1');
}
