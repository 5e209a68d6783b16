import type {WindowSize} from '../image/window/canvas.ts';
import type {AugmentationOptions} from './batches/augmentation.ts';
import {DEFAULT_CONFIGURATION, WHOLE_FRAME_INPUT} from './configuration.ts';
import type {Freeze} from './initial/groups.ts';

/** What the default of a setting depends on. */
export interface Situation {
  /** Whether the network begins with weights that others trained. */
  pretrained: boolean;
  freeze?: Freeze | undefined;
}

/** The settings whose defaults depend on how a network is trained. */
export interface Recipe {
  epochs: number;
  learningRate: number;
  /** Times as high as that of the other layers. */
  headRate: number;
  layerDecay: number;
  weightDecay: number;
  dropout: number;
  /** Side of the pictures that the network was trained with; undefined for the usual window. */
  imageSize: number | undefined;
}

const {schedule, dropout} = DEFAULT_CONFIGURATION;
const PRETRAINED_SIZE = 224;

/**
 * A network that begins with drawn weights learns fast and for long. One that begins with those that others trained would forget
 * them: it learns slowly, the more slowly the nearer to the pixels, and its new classifier faster. A classifier alone learns fast,
 * and forgets nothing.
 */
export function recipeFor({pretrained, freeze}: Situation): Recipe {
  const {epochs, learningRate, weightDecay} = schedule;
  if (freeze === 'backbone') {
    return {
      epochs: 40,
      learningRate: 5e-3,
      headRate: 1,
      layerDecay: 1,
      weightDecay: 0.05,
      dropout: 0.2,
      imageSize: pretrained ? PRETRAINED_SIZE : undefined,
    };
  }
  if (!pretrained)
    return {epochs, learningRate, headRate: 1, layerDecay: 1, weightDecay, dropout, imageSize: undefined};
  return {
    epochs: 8,
    learningRate: 3e-4,
    headRate: 10,
    layerDecay: 0.8,
    weightDecay: 0.05,
    dropout,
    imageSize: PRETRAINED_SIZE,
  };
}

/** A window of this width shows a grain as many times larger as it is wider than the usual one; whole pictures are square. */
export function inputOf(imageSize: number | undefined, wholeFrame: boolean): WindowSize {
  const usual = wholeFrame ? WHOLE_FRAME_INPUT : DEFAULT_CONFIGURATION.input;
  if (imageSize === undefined || imageSize === usual.width) return usual;
  if (wholeFrame) return {width: imageSize, height: imageSize};
  const magnification = imageSize / usual.width;
  return {width: imageSize, height: 8 * Math.round((usual.height * magnification) / 8), magnification};
}

/** Lengths in pixels of the window grow with it. */
export function magnified(augmentation: AugmentationOptions, {magnification = 1}: WindowSize): AugmentationOptions {
  if (magnification === 1) return augmentation;
  const {shift, blur, motion} = augmentation;
  return {
    ...augmentation,
    shift: shift * magnification,
    blur: blur * magnification,
    motion: motion * magnification,
  };
}
