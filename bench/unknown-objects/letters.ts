import type {Point} from './outlines.ts';

type Strokes = readonly (readonly Point[])[];

/** Letters and digits as lines in a square of side 1, y downwards. */
export const LETTERS: readonly Strokes[] = [
  'A 0,1 .5,0 1,1 | .2,.6 .8,.6',
  'E 1,0 0,0 0,1 1,1 | 0,.5 .8,.5',
  'F 1,0 0,0 0,1 | 0,.5 .8,.5',
  'G 1,.1 .5,0 0,.3 0,.7 .5,1 1,.9 1,.5 .6,.5',
  'H 0,0 0,1 | 1,0 1,1 | 0,.5 1,.5',
  'K 0,0 0,1 | 1,0 0,.5 1,1',
  'M 0,1 0,0 .5,.6 1,0 1,1',
  'N 0,1 0,0 1,1 1,0',
  'R 0,1 0,0 .8,0 1,.25 .8,.5 0,.5 | .5,.5 1,1',
  'S 1,.1 .5,0 0,.15 .1,.4 .9,.6 1,.85 .5,1 0,.9',
  'T 0,0 1,0 | .5,0 .5,1',
  'W 0,0 .25,1 .5,.4 .75,1 1,0',
  'X 0,0 1,1 | 1,0 0,1',
  'Z 0,0 1,0 0,1 1,1',
  '2 0,.2 .4,0 .9,.1 1,.35 0,1 1,1',
  '4 .8,1 .8,0 0,.7 1,.7',
  '5 1,0 .1,0 0,.45 .7,.4 1,.7 .7,1 0,.95',
  '7 0,0 1,0 .3,1',
].map((line) =>
  line
    .slice(2)
    .split(' | ')
    .map((points) => points.split(' ').map(pointOf)),
);

function pointOf(text: string): Point {
  const [x, y] = text.split(',').map(Number);
  return [x, y];
}
