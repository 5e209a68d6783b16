import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import type {RiceError} from '../../src/common/errors.ts';
import {parseSource} from '../../src/pretrained/source.ts';
import {useTemporaryFolder} from '../dataset/fixtures.ts';

describe('a source of weights', () => {
  const folder = useTemporaryFolder();

  it('is the default tag of the architecture if none is named, or only the architecture', () => {
    expect(parseSource('mobilenetv3_small', undefined)).to.deep.equal({tag: 'mobilenetv3_small_100.lamb_in1k'});
    for (const source of ['efficientnet_lite0', 'tf_efficientnet_lite0', 'timm/tf_efficientnet_lite0'])
      expect(parseSource('efficientnet_lite0', source)).to.deep.equal({tag: 'tf_efficientnet_lite0.in1k'});
  });

  it('is a tag of the architecture, known or not', () => {
    for (const source of ['resnet50.tv2_in1k', 'resnet50.new'])
      for (const prefix of ['', 'timm/']) expect(parseSource('resnet50', prefix + source)).to.deep.equal({tag: source});
  });

  it('is a file by its suffix, or because it is there', () => {
    for (const source of ['a.safetensors', 'b.PTH', 'c/d.pt', 'e.bin'])
      expect(parseSource('resnet50', source)).to.deep.equal({path: source});
    const path = join(folder(), 'weights');
    writeFileSync(path, '');
    expect(parseSource('resnet50', path)).to.deep.equal({path});
  });

  const WRONG: [architecture: string, source: string, message: string, suggestion: string][] = [
    [
      'resnet50',
      'resnet18.tv_in1k',
      'resnet18.tv_in1k has the weights of resnet18, not of resnet50',
      'Did you mean resnet50.tv_in1k?',
    ],
    [
      'resnet50',
      'resnet5.a1_in1k',
      'resnet5.a1_in1k is not a tag of resnet50: those are resnet50.NAME',
      'Did you mean resnet50.a1_in1k?',
    ],
    [
      'mobilenetv3_small',
      'mobilenetv3_large',
      'mobilenetv3_large has the weights of mobilenetv3_large, not of mobilenetv3_small',
      'Known tags: mobilenetv3_small_100.lamb_in1k.',
    ],
    [
      'resnet50',
      'https://hub/x',
      'https://hub/x is neither a file of weights nor a tag of timm, such as resnet50.a1_in1k',
      'Name a .safetensors or .pth file, or a tag.',
    ],
  ];
  for (const [architecture, source, message, suggestion] of WRONG)
    it(`is not ${source} for ${architecture}`, () => {
      const error = thrown(() => parseSource(architecture, source));
      expect(error).to.include({code: 'WEIGHTS_NOT_FOUND', message});
      expect(error.suggestions).to.include(suggestion);
    });

  it('that no file can be found by is an error of the file system, not one of rice', () => {
    // The same as of a folder without permission, which root does not meet.
    const error = (() => {
      try {
        return parseSource('resnet50', 'a'.repeat(5000));
      } catch (error) {
        return error as RiceError;
      }
    })();
    expect(error).to.include({code: 'PATH_NOT_READABLE'});
  });

  it('is not to be had for another network', () => {
    const {code, message, suggestions} = thrown(() => parseSource('resnet51', undefined));
    expect(code).to.equal('USAGE');
    expect(message).to.match(/no pretrained weights for resnet51, only for resnet50, resnet18, .*convnext_atto$/);
    expect(suggestions).to.deep.equal(['Did you mean resnet50?']);
    expect(thrown(() => parseSource('toString', undefined)).code).to.equal('USAGE');
  });
});

function thrown(action: () => unknown): RiceError {
  try {
    action();
  } catch (error) {
    return error as RiceError;
  }
  throw new Error('nothing was thrown');
}
