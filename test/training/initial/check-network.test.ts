import {expect} from 'chai';
import type {RiceError} from '../../../src/common/errors.ts';
import {checkNetwork, checkSameNetwork} from '../../../src/training/initial/check-network.ts';
import {layoutOf} from '../../../src/training/layers/layout-layers.ts';
import {NETWORKS} from '../../../src/training/networks/index.ts';
import {placeParameters} from '../../../src/training/parameters.ts';

const INPUT = {width: 64, height: 32};

function failure(run: () => void): RiceError {
  try {
    run();
  } catch (error) {
    return error as RiceError;
  }
  throw new Error('nothing was thrown');
}

describe('training: settings that a network cannot have', () => {
  it('are more frozen groups than there are, one of which must learn', () => {
    checkNetwork({network: 'mobilenetv3_small', input: INPUT, freeze: 14});
    checkNetwork({network: 'mobilenetv3_small', input: INPUT, freeze: 'backbone'});
    for (const freeze of [15, 9999]) {
      const {code, message, suggestions} = failure(() =>
        checkNetwork({network: 'mobilenetv3_small', input: INPUT, freeze}),
      );
      expect(code).to.equal('OUT_OF_RANGE');
      expect(message).to.equal(
        `--freeze ${freeze}: mobilenetv3_small has 15 groups of layers, of which the last must learn`,
      );
      expect(suggestions.join()).to.contain('from 1 to 14');
    }
  });

  it('are pictures that are too small for it', () => {
    checkNetwork({network: 'convnext_atto', input: {width: 32, height: 32}});
    const {code, message} = failure(() => checkNetwork({network: 'convnext_atto', input: {width: 32, height: 16}}));
    expect(code).to.equal('OUT_OF_RANGE');
    expect(message).to.equal('pictures of 32 x 16 are too small for convnext_atto');
  });

  it('are those of a run that was begun with other layers of the same name', () => {
    const layout = layoutOf(NETWORKS.resnet18, INPUT, 3);
    const manifest = {network: 'resnet18' as const, input: INPUT, labels: ['a', 'b', 'c'], layout};
    checkSameNetwork('run', manifest);
    const isStem = ({name}: {name: string}) => /^(conv1|bn1)\./.test(name);
    const part = (stem: boolean) =>
      placeParameters(
        layout.parameters.filter((each) => isStem(each) === stem),
        layout.statistics.filter((each) => isStem(each) === stem),
      );
    checkSameNetwork('run', {...manifest, layout: part(false), frozen: part(true)});
    const renamed = layout.parameters.map((each) => ({...each, name: each.name.replace('conv1.', 'stem.')}));
    for (const other of [{...layout, parameters: renamed}, part(false)]) {
      const {code, message} = failure(() => checkSameNetwork('run', {...manifest, layout: other}));
      expect(code).to.equal('RUN_DAMAGED');
      expect(message).to.contain('resnet18 has other layers');
    }
  });
});
