/**
 * Measures the separation of touching and overlapping grains on scenes composed of the dataset's test part, on the masks as they are and on
 * rough ones: by the network that ships, and by watershed on the distance map.
 * Run: `npx tsx bench/separation.ts Rice_Image_Dataset`; `--scenes`, `--seed`, `--model`.
 */
import {parseArgs} from 'node:util';
import {Separator} from '../src/scanning/separation/network/separator.ts';
import {Random} from '../src/training/random.ts';
import {composeScene} from './scenes/compose.ts';
import {GrainPictures} from './scenes/grain-pictures.ts';
import {grainsOf} from './scenes/grains-of.ts';
import {GROUNDS, type SceneOptions} from './scenes/types.ts';
import {clustersOf, type Located} from './separation/clusters-of.ts';
import {roughMask} from './separation/rough-mask.ts';
import {add, NO_SCORE, type Score, score} from './separation/score.ts';
import {watershed} from './separation/watershed.ts';

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    scenes: {type: 'string', default: '5'},
    seed: {type: 'string', default: '3'},
    pictures: {type: 'string', default: '150'},
    model: {type: 'string'},
    threads: {type: 'string', default: '1'},
  },
});
const SIDE = 640;
/** At which the dataset's grains are about 40 pixels long. */
const SCALE = 0.25;
const LEVELS: {name: string; options: Partial<SceneOptions>}[] = [
  {name: 'apart', options: {overlap: 0}},
  {name: 'touching', options: {overlap: 'touching'}},
  {name: 'overlap 5 %', options: {overlap: 0.05}},
  {name: 'overlap 15 %', options: {overlap: 0.15}},
  {name: 'overlap 25 %', options: {overlap: 0.25}},
  {name: 'heaps of 12, overlap up to 25 %', options: {overlap: 0.25, overlapVaries: true, heaps: true, cluster: 12}},
  {name: 'half broken, touching', options: {overlap: 'touching', broken: 0.5}},
];

const random = new Random(Number(values.seed), 'pictures');
const files = await grainsOf(positionals[0], 'test');
const pictures = await GrainPictures.load(files, {count: Number(values.pictures), random, scale: 2 * SCALE});
const model = values.model ? {model: values.model} : {};
const separator = await Separator.load({threads: Number(values.threads), ...model});
console.log(`model ${separator.model.sha256.slice(0, 12)}, ${separator.model.metadata.training.steps} steps`);
console.log('| scenes | masks | by | grains | found | count error | found right | F1 | mean overlap |');
console.log('| --- | --- | --- | --: | --: | --: | --: | --: | --: |');
for (const {name, options} of LEVELS) {
  const sums = new Map<string, Score>();
  for (let i = 0; i < Number(values.scenes); i++) {
    const own = new Random(Number(values.seed), name, i);
    const scene = composeScene(
      {
        width: SIDE,
        height: SIDE,
        ground: GROUNDS[own.below(GROUNDS.length)],
        grains: 90,
        scale: SCALE,
        scaleSpread: 0.05,
        shadow: own.uniform(0, 0.4),
        gradient: own.uniform(0, 0.3),
        noise: own.uniform(0, 4),
        blur: own.uniform(0.4, 1),
        unevenness: 0.1,
        ...options,
      },
      own,
      pictures,
    );
    const masks = {
      exact: Uint8Array.from(scene.labels, (label) => (label > 0 ? 1 : 0)),
      rough: roughMask(scene.labels, SIDE, own),
    };
    for (const [kind, mask] of Object.entries(masks)) {
      const clusters = clustersOf(scene.frame, mask);
      const ways = {
        network: await separator.separate(clusters),
        watershed: clusters.map((cluster) => watershed(cluster.mask, cluster.width, cluster.height)),
      };
      for (const [way, maps] of Object.entries(ways)) {
        const key = `${kind} | ${way}`;
        sums.set(key, add(sums.get(key) ?? NO_SCORE, score(scene.labels, joined(clusters, maps))));
      }
    }
  }
  for (const [key, {grains, found, countError, matched, overlap}] of sums) {
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const figures = [
      grains,
      found,
      percent(countError / grains),
      percent(matched / grains),
      percent((2 * matched) / (grains + found)),
      (overlap / matched).toFixed(3),
    ];
    console.log(`| ${name} | ${key} | ${figures.join(' | ')} |`);
  }
}
await separator.release();

/** The label maps of clusters as one of the whole scene. */
function joined(clusters: readonly Located[], maps: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(SIDE * SIDE);
  let first = 0;
  clusters.forEach(({x, y, width}, k) => {
    let most = 0;
    maps[k].forEach((label, i) => {
      if (label === 0) return;
      whole[(y + Math.floor(i / width)) * SIDE + x + (i % width)] = first + label;
      most = Math.max(most, label);
    });
    first += most;
  });
  return whole;
}
