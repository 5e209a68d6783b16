import {appendFileSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RecordStore} from '../../../src/auditing/store/record-store.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

describe('the store of an audit', () => {
  const folder = useTemporaryFolder();
  const path = () => join(folder(), 'store.bin');
  const keys = ['aa', 'bb', 'cc'].map((pair) => pair.repeat(32));
  const filled = (upTo: number) => {
    const store = new RecordStore(path(), 3);
    for (const [i, key] of keys.slice(0, upTo).entries()) store.add(key, Uint8Array.of(i, i, i));
    store.close();
  };
  const kept = () => {
    const store = new RecordStore(path(), 3);
    store.close();
    return keys.map((key) => store.get(key)?.[0]);
  };

  it('keeps what was added, and adds to it', () => {
    filled(2);
    expect(kept()).to.deep.equal([0, 1, undefined]);
    filled(3);
    expect(kept()).to.deep.equal([0, 1, 2]);
    expect(existsSync(`${path()}.lock`)).to.equal(false);
  });

  it('goes on behind what is whole, where a process was killed or a byte was changed', () => {
    filled(2);
    appendFileSync(path(), Buffer.alloc(17, 1));
    filled(3);
    expect(kept()).to.deep.equal([0, 1, 2]);
    const bytes = readFileSync(path());
    bytes[bytes.length - 1] ^= 1;
    writeFileSync(path(), bytes);
    expect(kept()).to.deep.equal([0, 1, undefined]);
  });

  it('only reads while another writes', () => {
    const first = new RecordStore(path(), 3);
    const second = new RecordStore(path(), 3);
    first.add(keys[0], Uint8Array.of(7, 7, 7));
    second.add(keys[1], Uint8Array.of(8, 8, 8));
    second.close();
    first.close();
    expect(kept()).to.deep.equal([7, undefined, undefined]);
  });
});
