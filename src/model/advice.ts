import type {Reason} from './doubt.ts';

/** What each reason for doubt means and what helps, for people. */
export const ADVICE: Readonly<Record<Reason, string>> = {
  'no grain': 'Nothing stands out from the background. Put one grain on a plain one that is much darker or lighter.',
  'several grains': 'Only the largest was looked at. Take one grain a picture, with nothing else in it.',
  'not one of the known varieties':
    'Another variety, a broken grain, no rice, or light and scale unlike all that the model was shown. To have it known, train with pictures of it (rice train).',
  'capture too different to be sure':
    'Scale, light or color differ too much from those of the training pictures. Take it as those were, on a plain dark background, or train with pictures like yours (rice train).',
  'low confidence': 'It lies between varieties. A sharper picture, or one of the other side of the grain, may tell.',
};
