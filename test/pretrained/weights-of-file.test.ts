import {hash} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {writeSafetensors} from '../../src/pretrained/formats/safetensors.ts';
import {loadWeights, type WeightTensor} from '../../src/pretrained/load-weights.ts';
import {useTemporaryFolder} from '../dataset/fixtures.ts';
import {torchFile} from './formats/torch-files.ts';

const one = (name: string, ...numbers: number[]): [string, WeightTensor] => [
  name,
  {shape: [numbers.length], data: Float32Array.from(numbers)},
];

describe('the weights in a file', () => {
  const folder = useTemporaryFolder();

  function write(name: string, bytes: Uint8Array): string {
    writeFileSync(join(folder(), name), bytes);
    return join(folder(), name);
  }

  async function failure(source: string, architecture = 'resnet50'): Promise<RiceError> {
    const error = await loadWeights(architecture, source, {}).catch((thrown) => thrown);
    expect(error).to.be.instanceOf(RiceError);
    return error;
  }

  it('are read whatever the name of the file is, and described', async () => {
    const bytes = writeSafetensors(new Map([one('fc.bias', 1, 2)]));
    for (const name of ['mine.safetensors', 'pytorch_model.bin', 'noSuffix']) {
      const {tensors, ...rest} = await loadWeights('resnet50', write(name, bytes), {});
      expect([...tensors]).to.deep.equal([one('fc.bias', 1, 2)]);
      expect(rest).to.deep.equal({record: {source: name, bytes: bytes.length, sha256: hash('sha256', bytes)}});
    }
    const zip = await loadWeights('resnet50', write('torch.safetensors', torchFile('zip')), {});
    expect(zip.tensors.get('scalar')).to.deep.equal({shape: [], data: Float32Array.of(7)});
    const legacy = await loadWeights('resnet50', write('mine-20240101.pth', torchFile('legacy')), {});
    expect([...legacy.tensors.keys()].sort()).to.deep.equal([...zip.tensors.keys()].sort());
  });

  it('of EfficientNet-Lite0 get the names of timm, of others they keep theirs', async () => {
    const path = write(
      'lite.safetensors',
      writeSafetensors(new Map([one('_conv_stem.weight', 1), one('_blocks.2._bn0.bias', 2)])),
    );
    const names = async (architecture: string) => [...(await loadWeights(architecture, path, {})).tensors.keys()];
    expect(await names('efficientnet_lite0')).to.deep.equal(['blocks.1.1.bn1.bias', 'conv_stem.weight']);
    expect(await names('efficientnet_b0')).to.deep.equal(['_blocks.2._bn0.bias', '_conv_stem.weight']);
  });

  it('are refused if a number is not finite', async () => {
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const {code, message} = await failure(
        write('bad.safetensors', writeSafetensors(new Map([one('bn1.running_var', 1, number)]))),
      );
      expect([code, message]).to.deep.equal([
        'WEIGHTS_INVALID',
        'bad.safetensors has numbers in "bn1.running_var" that are not finite',
      ]);
    }
  });

  it('are refused if the name of a published file states another digest', async () => {
    const {code, message} = await failure(write('resnet50_a1_0-14fe96d1.pth', torchFile('zip')));
    expect(code).to.equal('WEIGHTS_INVALID');
    expect(message).to.match(/is damaged: by its name its SHA-256 begins with 14fe96d1, but it is [0-9a-f]{64}$/);
  });

  const MISTAKES: [name: string, content: string, message: RegExp][] = [
    [
      'lfs.safetensors',
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n',
      /the pointer of Git LFS/,
    ],
    ['page.pth', '<!DOCTYPE html><title>Hub</title>', /is a web page/],
    ['empty.bin', '', /is empty/],
    ['text.pt', 'hello, these are not weights', /is neither a file of safetensors nor one of PyTorch/],
    ['none.safetensors', '\x02\0\0\0\0\0\0\0{}', /has no weights/],
  ];
  for (const [name, content, message] of MISTAKES)
    it(`are not in ${name}`, async () => {
      const error = await failure(write(name, Buffer.from(content, 'latin1')));
      expect(error).to.include({code: 'WEIGHTS_INVALID'});
      expect(error.message).to.match(message);
    });

  it('are not where there is no file', async () => {
    const path = join(folder(), 'missing.pth');
    expect(await failure(path)).to.include({code: 'PATH_NOT_FOUND', message: `${path} does not exist`});
    mkdirSync(join(folder(), 'folder.bin'));
    expect((await failure(join(folder(), 'folder.bin'))).message).to.contain('it is a folder');
  });
});
