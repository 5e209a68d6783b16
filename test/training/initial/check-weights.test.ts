import {expect} from 'chai';
import type {RiceError} from '../../../src/common/errors.ts';
import {checkWeights} from '../../../src/training/initial/check-weights.ts';
import {layoutOf} from '../../../src/training/layers/layout-layers.ts';
import {NETWORKS} from '../../../src/training/networks/index.ts';
import {type NamedTensor, namedWeights} from './named-weights.ts';

describe('training: weights that others trained, held against the network', () => {
  const layout = layoutOf(NETWORKS.mobilenetv3_small, {width: 64, height: 32}, 3);
  const right = namedWeights(NETWORKS.mobilenetv3_small, 1000);

  function failure(change: (tensors: Map<string, NamedTensor>) => unknown): RiceError {
    const tensors = new Map(right);
    change(tensors);
    try {
      checkWeights('mobilenetv3_small', layout, tensors, 'w.pth');
    } catch (error) {
      expect(error).to.include({code: 'WEIGHTS_MISMATCH'});
      return error as RiceError;
    }
    throw new Error('nothing was thrown');
  }

  it('may be of any number of labels, or without a classifier', () => {
    checkWeights('mobilenetv3_small', layout, right, 'w.pth');
    const headless = new Map([...right].filter(([name]) => !name.startsWith('classifier.')));
    checkWeights('mobilenetv3_small', layout, headless, 'w.pth');
  });

  it('must all be there', () => {
    expect(failure((tensors) => tensors.delete('conv_stem.weight')).message).to.equal(
      'w.pth does not have the weights of mobilenetv3_small: conv_stem.weight [16,3,3,3] is missing',
    );
    expect(failure((tensors) => tensors.delete('blocks.1.0.bn2.running_var')).message).to.contain(
      'blocks.1.0.bn2.running_var [72] is missing',
    );
  });

  it('must have the same names and shapes, also where the number of elements is the same', () => {
    const stem = right.get('conv_stem.weight')!;
    const renamed = failure((tensors) => {
      tensors.delete('conv_stem.weight');
      tensors.set('stem.weight', stem);
    });
    expect(renamed.message).to.contain('conv_stem.weight [16,3,3,3] is missing; stem.weight [16,3,3,3] is not in');
    const turned = {...stem, shape: [3, 16, 3, 3]};
    expect(failure((tensors) => tensors.set('conv_stem.weight', turned)).message).to.contain(
      'conv_stem.weight is [3,16,3,3], not [16,3,3,3]',
    );
    const long = {shape: [2], data: new Float32Array(2)};
    expect(failure((tensors) => tensors.set('extra', long)).message).to.contain('extra [2] is not in the network');
  });

  it('are named where few are wrong, and counted where many are', () => {
    const {message} = failure((tensors) => {
      for (const name of [...tensors.keys()]) if (name.includes('bn')) tensors.delete(name);
    });
    expect(message.match(/is missing/g)).to.have.length(6);
    expect(message).to.match(/; and \d\d\d more$/);
  });

  it('may be those of another network, which is named', () => {
    const {message, suggestions} = failure((tensors) => {
      tensors.clear();
      for (const [name, tensor] of namedWeights(NETWORKS.resnet18, 10)) tensors.set(name, tensor);
    });
    expect(message).to.equal('w.pth does not have the weights of mobilenetv3_small: it has those of resnet18');
    expect(suggestions).to.deep.equal(['Train that network: --arch resnet18']);
  });
});
