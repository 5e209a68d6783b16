import type {Random} from '../../src/training/random.ts';
import {clump, crumb, insect, leaf, pebble, sugarCrystal} from './found-things.ts';
import {button, coin, flatShape, letter, noiseBlob, paperClip, pill, printedPaper, ring, screw} from './made-things.ts';
import {chickpea, coffeeBean, kidneyBean, lentil, maizeKernel, peppercorn} from './pulses.ts';
import type {Part} from './render.ts';
import {brokenRice, coloredRice, stuckGrains} from './rice.ts';
import {almond, cereal, peanut, pistachio, pumpkinSeed, sunflowerSeed} from './seeds.ts';

export interface Kind {
  /** Name of its folder. */
  name: string;
  /** `foreign` is clearly not a whole grain of rice; `hard` is rice, but not a single whole polished grain. */
  group: 'foreign' | 'hard';
  /** Draws an object with random shape, size and color. */
  draw(random: Random): Part[];
}

const foreign = (name: string, draw: Kind['draw']): Kind => ({name, group: 'foreign', draw});
const hard = (name: string, draw: Kind['draw']): Kind => ({name, group: 'hard', draw});

export const KINDS: readonly Kind[] = [
  foreign('almond', almond),
  foreign('button', button),
  foreign('cereal', cereal),
  foreign('chickpea', chickpea),
  foreign('clump', clump),
  foreign('coffee-bean', coffeeBean),
  foreign('coin', coin),
  foreign('crumb', crumb),
  foreign('flat-shape', flatShape),
  foreign('insect', insect),
  foreign('kidney-bean', kidneyBean),
  foreign('leaf', leaf),
  foreign('lentil', lentil),
  foreign('letter', letter),
  foreign('maize-kernel', maizeKernel),
  foreign('noise-blob', noiseBlob),
  foreign('paper-clip', paperClip),
  foreign('peanut', peanut),
  foreign('pebble', pebble),
  foreign('peppercorn', peppercorn),
  foreign('pill', pill),
  foreign('pistachio-nut', pistachio),
  foreign('printed-paper', printedPaper),
  foreign('pumpkin-seed', pumpkinSeed),
  foreign('ring', ring),
  foreign('screw', screw),
  foreign('sugar-crystal', sugarCrystal),
  foreign('sunflower-seed', sunflowerSeed),
  hard('broken-rice', brokenRice),
  hard('colored-rice', coloredRice),
  hard('stuck-grains', stuckGrains),
];
