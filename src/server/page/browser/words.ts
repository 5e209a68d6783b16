import type {Reason} from '../../../model/rejection.ts';

export interface Failure {
  /** Of the server's error, if it was the server's. */
  code?: string;
  message: string;
  suggestions: string[];
}

/** What a reason says, and what helps, to somebody with a phone. */
export const REASON_WORDS: Readonly<Record<Reason, {said: string; help: string}>> = {
  'no grain': {
    said: 'no grain was found',
    help: 'Nothing stands out from the background. Lay one grain on something plain and dark, and go nearer.',
  },
  'several grains': {
    said: 'there are several grains',
    help: 'Only the largest was looked at. The tab for many grains looks at each; here, take a picture of one grain, with nothing else in it.',
  },
  'something else in the picture': {
    said: 'something else is in the picture',
    help: 'It may have been taken for the grain. Take a picture of one grain alone, without writing, coins or crumbs.',
  },
  'out of frame': {
    said: 'a part of the grain is outside of the picture',
    help: 'Move the grain into the middle, with ground all around it.',
  },
  'touching something': {
    said: 'something touches the grain',
    help: 'A crumb or a hair changes its shape. Lay the grain alone.',
  },
  'too small': {
    said: 'the grain is too small in the picture',
    help: 'Go nearer, or zoom in: the grain should be at least a tenth of the picture long.',
  },
  overexposed: {
    said: 'the picture is too bright',
    help: 'Much of the grain is pure white. Use less light, or tap the grain on the screen before you take the picture.',
  },
  'too blurred': {
    said: 'the picture is not sharp',
    help: 'Tap the grain on the screen to focus on it, and keep still.',
  },
  'not one of the known varieties': {
    said: 'it is none of the known varieties',
    help: 'It may be another variety, a broken grain or no rice. If it is one of these varieties, try another light or distance.',
  },
  'capture too different to be sure': {
    said: 'the capture is too different to be sure',
    help: 'Take the picture from straight above, in even light, on something plain and dark.',
  },
  'low confidence': {
    said: 'the answer is not sure enough',
    help: 'It lies between varieties. A sharper picture, or one of the other side of the grain, may help.',
  },
};

/** Errors that another try does not mend, in words for people: what is wrong with the file, and what helps. */
const LASTING: Record<string, Failure> = {
  IMAGE_EMPTY: {message: 'The file is empty.', suggestions: ['Save or send the picture again.']},
  IMAGE_UNSUPPORTED: {
    message: 'This is not a picture that can be read.',
    suggestions: ['Choose a photo, such as a JPEG, PNG or HEIC.'],
  },
  IMAGE_TRUNCATED: {message: 'A part of the picture is missing.', suggestions: ['Save or send the picture again.']},
  IMAGE_CORRUPT: {message: 'The picture is damaged.', suggestions: ['Save or send the picture again.']},
  IMAGE_TOO_LARGE: {message: 'The picture is too large.', suggestions: ['Crop it to the grain, or make it smaller.']},
  IMAGE_TOO_COSTLY: {message: 'The picture cannot be opened.', suggestions: ['Save it again as a JPEG.']},
  REQUEST_TOO_LARGE: {
    message: 'The file is too large.',
    suggestions: ['Crop the picture to the grain, or make it smaller.'],
  },
};

/** The words for a failure, and whether another try may mend it. */
export function explainFailure({code, message, suggestions}: Failure): Failure & {lasting: boolean} {
  const words = LASTING[code ?? ''];
  return {...(words ?? {message, suggestions}), lasting: words !== undefined};
}
