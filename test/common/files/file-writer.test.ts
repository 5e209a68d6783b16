import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {FileWriter} from '../../../src/common/files/file-writer.ts';
import {useTemporaryFolder} from '../../dataset/fixtures.ts';

describe('FileWriter', () => {
  const temporary = useTemporaryFolder();

  it('appends and tracks its position', () => {
    const path = join(temporary(), 'x.bin');
    const writer = new FileWriter(path);
    writer.append(Buffer.from('rice'));
    expect(writer.position).to.equal(4);
    writer.append(new Uint8Array());
    writer.append(Buffer.from(' grain'));
    writer.flush();
    writer.close();
    expect(writer.position).to.equal(10);
    expect(readFileSync(path, 'utf8')).to.equal('rice grain');
  });

  it('reports a full disk', function () {
    if (!existsSync('/dev/full')) this.skip();
    const writer = new FileWriter('/dev/full');
    expect(() => writer.append(Buffer.from('rice')))
      .to.throw(/no space left/)
      .with.property('code', 'DISK_FULL');
    writer.close();
  });

  it('names a file that cannot be created', () => {
    const path = join(temporary(), 'none', 'x.bin');
    expect(() => new FileWriter(path)).to.throw(path);
  });
});
