import {expect} from 'chai';
import {composeScene} from '../../bench/scenes/compose.ts';
import {GrainPictures} from '../../bench/scenes/grain-pictures.ts';
import {GROUNDS, type Mask, type Scene, type SceneOptions} from '../../bench/scenes/types.ts';
import {Random} from '../../src/training/random.ts';
import {drawGrain} from '../helpers/images.ts';

/** Two varieties of drawn ellipses, whose size is known. */
const SHAPES = {Long: {length: 180, width: 50}, Round: {length: 110, width: 70}};
const PICTURES = GrainPictures.fromFrames(
  Object.entries(SHAPES).flatMap(([label, shape]) =>
    [0, 50, 130].map((angle) => ({
      label,
      file: `${label}/${angle}.jpg`,
      frame: drawGrain({size: 250, ...shape, angle, color: [210, 212, 222]}),
    })),
  ),
);
const PLAIN: SceneOptions = {width: 700, height: 600, ground: 'black felt', grains: 16, scale: 0.5, blur: 0, noise: 0};

function compose(options: Partial<SceneOptions> = {}, seed = 1): Scene {
  return composeScene({...PLAIN, ...options}, new Random(seed, 'test'), PICTURES);
}

/** The pixels of a mask as numbers, those outside of the scene included. */
function pixelsOf({x, y, width, data}: Mask): Set<number> {
  const pixels = new Set<number>();
  data.forEach((inside, i) => {
    if (inside) pixels.add((y + Math.floor(i / width) + 1000) * 10_000 + x + (i % width) + 1000);
  });
  return pixels;
}

function shared(a: Set<number>, b: Set<number>): number {
  return [...a].filter((pixel) => b.has(pixel)).length;
}

describe('composed scenes', () => {
  it('know the size and area of each grain, whatever its angle and the scale', () => {
    for (const scale of [0.23, 0.5, 0.8, 1])
      for (const grain of compose({scale, width: 1100, height: 1000, border: false}).grains) {
        const {length, width} = SHAPES[grain.label as keyof typeof SHAPES];
        expect(grain.length / (length * scale)).to.be.closeTo(1, 0.012);
        expect(grain.feret / (length * scale)).to.be.closeTo(1, 0.012);
        expect(grain.width / (width * scale)).to.be.closeTo(1, 0.025);
        expect(grain.area / ((Math.PI / 4) * length * width * scale ** 2)).to.be.closeTo(1, 0.02);
      }
  });

  it('show a grain where its mask is, half of its edge included', () => {
    const {frame, grains, labels} = compose();
    const bright = (i: number) => frame.data[i * 3 + 1];
    const level = 0.5 * 205;
    let [both, either] = [0, 0];
    labels.forEach((label, i) => {
      const shown = bright(i) > level;
      if (shown && label > 0) both++;
      if (shown || label > 0) either++;
    });
    expect(grains).to.have.length(16);
    expect(both / either).to.be.greaterThan(0.985);
  });

  it('know which way a grain lies and where its middle is', () => {
    for (const {mask, x, y, axis, label} of compose({border: false}).grains) {
      const {length} = SHAPES[label as keyof typeof SHAPES];
      const inside = (u: number, v: number) => {
        const radians = (axis * Math.PI) / 180;
        const px = Math.floor(x + u * Math.cos(radians) - v * Math.sin(radians)) - mask.x;
        const py = Math.floor(y + u * Math.sin(radians) + v * Math.cos(radians)) - mask.y;
        return px >= 0 && py >= 0 && px < mask.width && py < mask.height && mask.data[py * mask.width + px] === 1;
      };
      const half = (length * 0.5) / 2;
      expect([inside(half - 3, 0), inside(3 - half, 0), inside(half + 3, 0), inside(-half - 3, 0)]).to.deep.equal([
        true,
        true,
        false,
        false,
      ]);
      expect(inside(0, half - 1)).to.equal(false);
    }
  });

  it('keep grains apart where no overlap is asked for', () => {
    const {grains} = compose({grains: 30});
    const masks = grains.map(({mask}) => pixelsOf(mask));
    expect(grains).to.have.length(30);
    grains.forEach((grain, i) => {
      expect(grain.coveredShare).to.equal(0);
      // Moved by a pixel in any direction, it still meets no other.
      const around = new Set([...masks[i]].flatMap((pixel) => [pixel + 1, pixel - 1, pixel + 10_000, pixel - 10_000]));
      masks.forEach((other, j) => {
        if (j !== i) expect(shared(around, other)).to.equal(0);
      });
    });
  });

  for (const overlap of [0.05, 0.15, 0.25])
    it(`cover ${overlap * 100} % of a grain by the next one`, () => {
      const {grains} = compose({overlap, grains: 20, border: false, joined: 0.8});
      const pairs = grains.flatMap(({joinedTo}, i) => joinedTo.filter((j) => j > i).map((j) => [i, j]));
      expect(pairs.length).to.be.greaterThan(5);
      for (const [lower, upper] of pairs) {
        const mask = pixelsOf(grains[lower].mask);
        const share = shared(mask, pixelsOf(grains[upper].mask)) / mask.size;
        expect(share).to.be.closeTo(overlap, 0.009);
        // The last of a chain lies on top: what it covers is not seen of the lower one.
        expect(shared(pixelsOf(grains[lower].visible), pixelsOf(grains[upper].mask))).to.equal(0);
      }
      for (const {joinedTo, coveredShare} of grains) if (joinedTo.length === 0) expect(coveredShare).to.equal(0);
    });

  it('lay grains side by side where they are to touch', () => {
    const {grains} = compose({overlap: 'touching', grains: 20});
    const joined = grains.flatMap(({joinedTo}, i) => joinedTo.filter((j) => j > i).map((j) => [i, j]));
    expect(joined.length).to.be.greaterThan(5);
    for (const [lower, upper] of joined) {
      const mask = pixelsOf(grains[lower].mask);
      const other = pixelsOf(grains[upper].mask);
      const steps = [0, 1, -1, 10_000, -10_000];
      const around = new Set([...mask].flatMap((pixel) => steps.map((step) => pixel + step)));
      expect(shared(around, other)).to.be.greaterThan(0);
      expect(shared(mask, other) / mask.size).to.be.lessThan(0.013);
    }
  });

  it('break grains across and know what is left of them', () => {
    const broken = compose({broken: 1, kept: [0.3, 0.6], border: false, scale: 0.8, width: 1000, height: 900}).grains;
    expect(broken.every((grain) => grain.broken && grain.keptShare >= 0.3 && grain.keptShare <= 0.6)).to.equal(true);
    for (const {label, area, keptShare} of broken) {
      const {length, width} = SHAPES[label as keyof typeof SHAPES];
      // The area of an ellipse up to a line across it.
      const angle = Math.acos(1 - 2 * keptShare);
      const kept = (angle - Math.sin(angle) * Math.cos(angle)) / Math.PI;
      expect(area / ((Math.PI / 4) * length * width * 0.64)).to.be.closeTo(kept, 0.03);
    }
    expect(compose().grains.some((grain) => grain.broken)).to.equal(false);
  });

  it('say which grains the border cuts', () => {
    const {grains, frame} = compose({grains: 40, overlap: 'touching'});
    expect(grains.filter(({border}) => border).length).to.be.greaterThan(2);
    for (const {border, mask} of grains) {
      const at = [...mask.data.keys()].filter((i) => mask.data[i]);
      const cut = at.some((i) => {
        const [x, y] = [mask.x + (i % mask.width), mask.y + Math.floor(i / mask.width)];
        return x <= 0 || y <= 0 || x >= frame.width - 1 || y >= frame.height - 1;
      });
      expect(border).to.equal(cut);
    }
    expect(compose({border: false}).grains.some(({border}) => border)).to.equal(false);
  });

  it('have a map of labels that is the same as the visible masks', () => {
    const {grains, labels, frame} = compose({overlap: 0.2, things: ['stone', 'coin', 'thread'], scale: 0.3});
    const seen = new Uint16Array(labels.length);
    grains.forEach(({visible: {x, y, width, data}}, i) => {
      data.forEach((inside, at) => {
        if (inside) seen[(y + Math.floor(at / width)) * frame.width + x + (at % width)] = i + 1;
      });
    });
    expect(Buffer.from(seen.buffer).equals(Buffer.from(labels.buffer))).to.equal(true);
  });

  it('keep grains off things, which are listed', () => {
    const {grains, things} = compose({things: ['coin', 'stone'], scale: 0.3});
    expect(things.map(({kind}) => kind)).to.deep.equal(['coin', 'stone']);
    for (const {x, y, width, height} of things)
      for (const grain of grains)
        expect(Math.hypot(grain.x - x - width / 2, grain.y - y - height / 2)).to.be.greaterThan(width / 2);
  });

  it('are the same for the same seed, on every ground, and others for another', () => {
    for (const ground of GROUNDS) {
      const options: Partial<SceneOptions> = {
        ...{ground, width: 260, height: 240, grains: 6, scale: 0.25, overlap: 0.1, broken: 0.3, shadow: 0.4},
        ...{gradient: 0.3, noise: 2, blur: 0.7, things: ['thread', 'seed', 'cap']},
      };
      const [once, again, other] = [compose(options, 5), compose(options, 5), compose(options, 6)];
      expect(again).to.deep.equal(once);
      expect(Buffer.from(other.frame.data).equals(Buffer.from(once.frame.data))).to.equal(false);
    }
  });

  it('take varieties as often as asked', () => {
    const {grains} = compose({varieties: {Long: 1, Round: 0}, grains: 12});
    expect(new Set(grains.map(({label}) => label))).to.deep.equal(new Set(['Long']));
  });

  it('have grains of one batch of the dataset only, unless told otherwise', () => {
    const pictures = GrainPictures.fromFrames(
      [9, 11_720, 11_721, 15_000].map((number) => ({
        label: 'Jasmine',
        file: `Jasmine/Jasmine (${number}).jpg`,
        frame: drawGrain({size: 250, length: number > 11_720 ? 200 : 150, width: 50}),
      })),
    );
    const lengths = (mixedBatches: boolean, seed: number) => {
      const options = {...PLAIN, border: false, grains: 10, mixedBatches};
      const {grains} = composeScene(options, new Random(seed), pictures);
      return grains.map(({length}) => length);
    };
    const spread = (values: number[]) => Math.max(...values) / Math.min(...values);
    const one = [1, 2, 3, 4, 5, 6].map((seed) => lengths(false, seed));
    expect(one.every((values) => spread(values) < 1.05)).to.equal(true);
    expect(spread(one.flat())).to.be.greaterThan(1.25);
    expect(spread(lengths(true, 1))).to.be.greaterThan(1.25);
  });
});
