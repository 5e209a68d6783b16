import type {RandomStream} from '../../../src/evaluation/robustness/random-stream.ts';
import {recompress} from '../../../src/evaluation/robustness/recompress.ts';
import {broken} from './broken.ts';
import {between, direction, type Group, type TrustChange} from './change.ts';
import {withCrumb} from './crumb.ts';
import {exposed, gray, multiplied} from './exposure.ts';
import {type Color, laidOn} from './ground.ts';
import {type Highlight, highlit, sideLit, vignetted} from './lamp.ts';
import {defocused, gaussian, moved, noisy, sharpened} from './lens.ts';
import {withRuler} from './ruler.ts';
import {Subject} from './subject.ts';
import {cloth, grooved, paper, porousWood} from './textures.ts';
import {aimedAside, cutOff, foreshortening, middleOf, rotation, shrunk, smaller, warped} from './warp.ts';

/** A black body of 3,200 K seen by a camera that is balanced for daylight (D65), in linear sRGB. */
const INCANDESCENT = [1.68, 0.866, 0.326];

const change = (
  name: string,
  title: string,
  groups: Group | readonly Group[],
  apply: TrustChange['apply'],
): TrustChange => ({name, title, groups: typeof groups === 'string' ? [groups] : groups, apply});

const brightness = (gain: number, group: Group) =>
  change(`brightness-${gain}`, `brightness ${gain}`, group, ({frame}) => multiplied(frame, [gain, gain, gain]));

const scale = (factor: number, group: Group) =>
  change(`scale-${factor}`, `scale ${factor}`, group, ({frame}) =>
    warped(frame, [factor, 0, 0, factor], middleOf(frame)),
  );

const whiteBalance = (name: string, share: number) =>
  change(`${name}-${100 * share}`, `white balance ${name}, ${100 * share} %`, 'mild', ({frame}) => {
    const warm = name === 'warm' ? share : -share;
    return multiplied(frame, [1 + warm, 1, 1 - warm]);
  });

const tilt = (degrees: number) =>
  change(`tilt-${degrees}`, `tilt ${degrees} degrees`, 'strong', ({frame, grain}, random) =>
    warped(frame, foreshortening(degrees, direction(random)), [grain.x, grain.y]),
  );

const short = (length: number) =>
  change(`length-${length}`, `grain ${length} px long`, 'strong', ({frame, grain}) => shrunk(frame, grain, length));

const outOfFrame = (percent: number) =>
  change(`out-${percent}`, `${percent} % out of the frame`, 'strong', ({frame, grain}, random) =>
    (random.uniform() < 0.5 ? cutOff : aimedAside)(frame, grain, percent / 100, random.uniform() < 0.5),
  );

const plain = (name: string, title: string, color: Color) =>
  change(name, title, 'ground', (subject) => laidOn(subject, () => color));

const kept = (share: number) =>
  change(`kept-${share}`, `broken, ${share} of the length kept`, 'broken', (subject, random) =>
    broken(subject, share, random),
  );

/** A highlight anywhere but at the grain's rim. */
function spot(random: RandomStream, size: Pick<Highlight, 'length' | 'breadth' | 'light'>): Highlight {
  return {along: between(random, -0.6, 0.6), across: between(random, -0.4, 0.4), ...size};
}

/** All that `bench/trust.ts` measures, in this order. */
export const TRUST_CHANGES: readonly TrustChange[] = [
  change('none', 'as they are', [], ({frame}) => frame),
  change('gray', 'gray', 'mild', ({frame}) => gray(frame)),
  scale(0.75, 'mild'),
  scale(1.33, 'mild'),
  change('rotation', 'rotation by any angle', 'mild', ({frame}, random) =>
    warped(frame, rotation(2 * Math.PI * random.uniform()), middleOf(frame)),
  ),
  change('shift', 'shift by 20 px', 'mild', ({frame}, random) => {
    const [x, y] = middleOf(frame);
    const [cos, sin] = direction(random);
    return warped(frame, [1, 0, 0, 1], [x, y], [x + 20 * cos, y + 20 * sin]);
  }),
  brightness(0.5, 'mild'),
  brightness(0.7, 'mild'),
  brightness(1.3, 'mild'),
  change('ev-1', '+1 EV', ['mild', 'strong'], ({frame}) => exposed(frame, [2, 2, 2])),
  whiteBalance('warm', 0.1),
  whiteBalance('warm', 0.2),
  whiteBalance('cool', 0.1),
  whiteBalance('cool', 0.2),
  change('incandescent', 'incandescent light', 'mild', ({frame}) => exposed(frame, INCANDESCENT)),
  change('noise-10', 'noise, sigma 10', 'mild', ({frame}, random) => noisy(frame, 10, random)),
  change('noise-30', 'noise, sigma 30', 'mild', ({frame}, random) => noisy(frame, 30, random)),
  change('jpeg-30', 'JPEG quality 30', 'mild', ({frame}) => recompress(frame, 30)),
  change('blur', 'blur, sigma 1.5 px', 'mild', ({frame}) => gaussian(frame, 1.5)),
  change('defocus', 'defocus, radius 5 px', 'mild', ({frame}) => defocused(frame, 5)),
  change('motion', 'motion over 13 px', 'mild', ({frame}, random) => moved(frame, 13, direction(random))),
  change('sharpened', 'sharpened', 'mild', ({frame}) => sharpened(frame, 1.5, 1.5)),
  change('side-light', 'side light to 0.5', 'mild', ({frame}, random) => sideLit(frame, 0.5, direction(random))),
  change('highlight', 'small highlights', 'mild', ({frame, grain}, random) =>
    highlit(
      multiplied(frame, [0.9, 0.9, 0.9]),
      grain,
      Array.from({length: 2}, () => spot(random, {length: 0.03, breadth: 0.05, light: 200})),
    ),
  ),
  change('vignette', 'vignette to 0.6', 'mild', ({frame}) => vignetted(frame, 0.6)),
  scale(0.5, 'strong'),
  scale(1.6, 'strong'),
  brightness(1.5, 'strong'),
  short(40),
  short(25),
  tilt(30),
  tilt(45),
  outOfFrame(5),
  outOfFrame(15),
  outOfFrame(30),
  change('strong-highlight', 'strong highlight', 'strong', ({frame, grain}, random) =>
    highlit(multiplied(frame, [0.75, 0.75, 0.75]), grain, [spot(random, {length: 0.08, breadth: 0.14, light: 400})]),
  ),
  plain('white', 'white 250', [250, 250, 250]),
  change('paper', 'paper 236, no shadow', 'ground', (subject, random) =>
    laidOn(subject, paper([238, 236, 232], 0.03, random)),
  ),
  change('paper-shadow', 'paper with a soft shadow', 'ground', (subject, random) => {
    const [cos, sin] = direction(random);
    const reach = between(random, 6, 12);
    return laidOn(subject, paper([238, 236, 232], 0.03, random), {
      dx: reach * cos,
      dy: reach * sin,
      sigma: between(random, 3, 7),
      depth: 0.25,
    });
  }),
  change('scanner', 'scanner lid', 'ground', (subject, random) => {
    const [cos, sin] = direction(random);
    return laidOn(subject, paper([245, 248, 254], 0.01, random), {
      dx: 2.5 * cos,
      dy: 2.5 * sin,
      sigma: 1,
      depth: 0.4,
    });
  }),
  change('ridged-wood', 'ridged wood', 'ground', ({frame}, random) =>
    laidOn(new Subject(multiplied(smaller(frame, 0.5), [0.9, 0.9, 0.9])), porousWood(random)),
  ),
  change('boards', 'boards with grooves', 'ground', (subject, random) => laidOn(subject, grooved(random))),
  plain('on-gray', 'gray 128', [128, 128, 128]),
  change('cloth', 'cloth', 'ground', (subject, random) => laidOn(subject, cloth([104, 110, 128], random))),
  change('crumb-beside', 'crumb beside it', 'thing', (subject, random) =>
    withCrumb(subject, between(random, 8, 16), random),
  ),
  change('crumb-touching', 'crumb that touches it', 'thing', (subject, random) => withCrumb(subject, 0, random)),
  change('ruler-white', 'white ruler at the border', 'thing', (subject, random) =>
    withRuler(subject, [235, 235, 230], random),
  ),
  change('ruler-yellow', 'yellow ruler at the border', 'thing', (subject, random) =>
    withRuler(subject, [225, 190, 60], random),
  ),
  ...[0.9, 0.75, 0.6, 0.5].map(kept),
];
