import {expect} from 'chai';
import {DEFAULT_CONFIGURATION, WHOLE_FRAME_INPUT} from '../../src/training/configuration.ts';
import {inputOf, magnified, recipeFor} from '../../src/training/recipes.ts';

describe('training: defaults by the situation', () => {
  it('are those of the configuration for weights that are drawn', () => {
    const {epochs, learningRate, weightDecay} = DEFAULT_CONFIGURATION.schedule;
    const {dropout} = DEFAULT_CONFIGURATION;
    const drawn = {epochs, learningRate, weightDecay, dropout, headRate: 1, layerDecay: 1, imageSize: undefined};
    expect(recipeFor({pretrained: false})).to.deep.equal(drawn);
  });

  it('are slow, and slower near the pixels, for weights that others trained, and fast for a classifier alone', () => {
    const scratch = recipeFor({pretrained: false});
    const tuned = recipeFor({pretrained: true});
    const partly = recipeFor({pretrained: true, freeze: 3});
    const head = recipeFor({pretrained: true, freeze: 'backbone'});
    expect(tuned.learningRate).to.be.below(scratch.learningRate);
    expect(tuned.layerDecay).to.be.below(1);
    expect(tuned.headRate).to.be.above(1);
    expect(partly).to.deep.equal(tuned);
    expect(head.learningRate).to.be.above(tuned.learningRate);
    expect([head.layerDecay, head.headRate]).to.deep.equal([1, 1]);
    expect([tuned.imageSize, head.imageSize]).to.deep.equal([224, 224]);
  });
});

describe('training: the window of a width', () => {
  it('is the usual one where none is asked for', () => {
    expect(inputOf(undefined, false)).to.deep.equal(DEFAULT_CONFIGURATION.input);
    expect(inputOf(undefined, true)).to.deep.equal(WHOLE_FRAME_INPUT);
    expect(inputOf(DEFAULT_CONFIGURATION.input.width, false)).to.deep.equal(DEFAULT_CONFIGURATION.input);
  });

  it('is square for whole pictures', () => {
    expect(inputOf(224, true)).to.deep.equal({width: 224, height: 224});
  });

  it('shows a grain as many times larger, in the proportions of the usual one, with a height in steps of 8', () => {
    // 56 / 120 of the width is 104.5, 29.9, 14.9 and 477.9.
    for (const [width, height] of [
      [224, 104],
      [64, 32],
      [32, 16],
      [1024, 480],
    ])
      expect(inputOf(width, false)).to.deep.equal({width, height, magnification: width / 120});
  });

  it('takes lengths of the augmentation with it, and nothing else', () => {
    const {augmentation} = DEFAULT_CONFIGURATION;
    expect(magnified(augmentation, {width: 120, height: 56})).to.equal(augmentation);
    const larger = magnified(augmentation, {width: 240, height: 112, magnification: 2});
    const {shift, blur, motion, ...others} = larger;
    expect({shift, blur, motion}).to.deep.equal({
      shift: 2 * augmentation.shift,
      blur: 2 * augmentation.blur,
      motion: 2 * augmentation.motion,
    });
    expect({...augmentation, ...others}).to.deep.equal(augmentation);
  });
});
