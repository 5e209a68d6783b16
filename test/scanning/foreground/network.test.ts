import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {ForegroundNetwork} from '../../../src/scanning/foreground/network/foreground-network.ts';
import {ROOT, temporaryFolder} from '../../cli/rice.ts';

describe('the network for bright grounds', () => {
  const folder = temporaryFolder();
  const load = (model: string) =>
    ForegroundNetwork.load({model}).then(
      () => 'loaded',
      (error) => error.code,
    );

  it('is checked before it is used', async () => {
    const bytes = readFileSync(join(ROOT, 'models', 'foreground.onnx'));
    bytes[bytes.length >> 1] ^= 1;
    const damaged = join(folder(), 'damaged.onnx');
    writeFileSync(damaged, bytes);
    expect(await load(damaged)).to.equal('MODEL_DAMAGED');
    expect(await load(join(ROOT, 'models', 'separation.onnx'))).to.equal('MODEL_METADATA');
    expect(await load(join(ROOT, 'README.md'))).to.equal('MODEL_INVALID');
    expect(await load(join(folder(), 'missing.onnx'))).to.equal('MODEL_NOT_FOUND');
  });
});
