import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {composeScene} from '../../bench/scenes/compose.ts';
import {GrainPictures} from '../../bench/scenes/grain-pictures.ts';
import type {Scene, SceneOptions} from '../../bench/scenes/types.ts';
import {RiceError} from '../../src/common/errors.ts';
import {decodeImage} from '../../src/image/decode.ts';
import {encodeJpeg} from '../../src/image/formats/jpeg/encode.ts';
import type {Frame} from '../../src/image/frame.ts';
import {Scanner} from '../../src/scanning/scanner.ts';
import type {ScannedPicture} from '../../src/scanning/types.ts';
import {Random} from '../../src/training/random.ts';
import {HAS_MODEL, ROOT} from '../cli/rice.ts';
import {randomNumbers} from '../helpers/images.ts';

const SAMPLES = join(ROOT, 'test', 'samples');

describe('a scan (needs models/rice.onnx)', () => {
  let scanner: Scanner;
  let pictures: GrainPictures;
  before(async function () {
    if (!HAS_MODEL) this.skip();
    scanner = await Scanner.load({threads: 2});
    const frames = readdirSync(SAMPLES).filter((name) => name.endsWith('.jpg'));
    pictures = GrainPictures.fromFrames(
      await Promise.all(
        frames.map(async (file) => {
          const {frame} = await decodeImage(readFileSync(join(SAMPLES, file)));
          return {label: file.split('-')[0], file, frame};
        }),
      ),
    );
  });
  after(() => scanner?.release());

  const scan = async (frame: Frame, options = {}) => scanner.scan(await encodeJpeg(frame, 92), 'drawn.jpg', options);
  const compose = (name: string, options: Partial<SceneOptions>): Scene =>
    composeScene(
      {
        ...{width: 1400, height: 1100, ground: 'black felt', grains: 40, scale: 0.55, border: false},
        ...{gradient: 0.3, shadow: 0.25, blur: 0.7, noise: 2, ...options},
      } as SceneOptions,
      new Random(name),
      pictures,
    );

  /** How many grains of a scene an outline's middle lies on, each once. */
  function matched({labels, options}: Scene, {grains}: ScannedPicture): number {
    return new Set(
      grains.map(({x, y}) => labels[Math.floor(y) * options.width + Math.floor(x)]).filter((label) => label > 0),
    ).size;
  }

  for (const ground of ['black felt', 'blue', 'green', 'violet cloth', 'grey cloth', 'ridged wood'] as const)
    it(`finds every grain that lies apart on ${ground}, and measures it`, async () => {
      const scene = compose(ground, {ground});
      const picture = await scan(scene.frame);
      expect(picture.count).to.equal(scene.grains.length);
      expect(picture.countByArea).to.be.closeTo(scene.grains.length, 1);
      expect(matched(scene, picture)).to.equal(scene.grains.length);
      const errors = picture.grains.map((grain) => {
        const truth = scene.grains[scene.labels[Math.floor(grain.y) * scene.options.width + Math.floor(grain.x)] - 1];
        return Math.abs(grain.length - truth.length) / truth.length;
      });
      expect(errors.sort((a, b) => a - b)[errors.length >> 1]).to.be.below(0.01);
    });

  it('separates grains that touch, and those that others cover a little', async () => {
    for (const overlap of ['touching', 0.05] as const) {
      const scene = compose(`joined ${overlap}`, {ground: 'blue', overlap, cluster: 5});
      const picture = await scan(scene.frame);
      expect(picture.count).to.be.closeTo(scene.grains.length, 1);
      expect(matched(scene, picture)).to.be.at.least(scene.grains.length - 1);
      expect(picture.grains.filter(({touching}) => touching).length).to.be.above(25);
    }
  });

  it('finds grains on white paper beside their shadows', async () => {
    const scene = compose('white', {ground: 'white', shadow: 0.35, grains: 30, scale: 0.7});
    const picture = await scan(scene.frame);
    expect(picture.count).to.be.closeTo(scene.grains.length, 3);
    expect(matched(scene, picture)).to.be.at.least(scene.grains.length - 2);
    expect(picture.warnings.join()).to.include('bright');
  });

  it('lists things, and counts none of them', async () => {
    const scene = compose('things', {ground: 'blue', things: ['coin', 'thread', 'stone']});
    const {count, objects} = await scan(scene.frame);
    expect(count).to.equal(scene.grains.length);
    expect(objects.map(({kind}) => kind)).to.include('coin');
  });

  it('is the same wherever a picture is turned to, and has millimeters by the scale', async () => {
    const {frame, grains} = compose('turned', {ground: 'blue', grains: 20});
    const turned = {width: frame.height, height: frame.width, data: new Uint8Array(frame.data.length)};
    for (let y = 0; y < frame.height; y++)
      for (let x = 0; x < frame.width; x++) {
        const to = (x * turned.width + turned.width - 1 - y) * 3;
        turned.data.set(frame.data.subarray((y * frame.width + x) * 3, (y * frame.width + x) * 3 + 3), to);
      }
    const options = {scale: {from: 'px-per-mm', pxPerMm: 12}};
    const [one, other] = [await scan(frame, options), await scan(turned, options)];
    expect([one.count, other.count]).to.deep.equal([grains.length, grains.length]);
    const lengths = ({grains: found}: ScannedPicture) => found.map(({length}) => length).sort((a, b) => a - b);
    for (const [i, length] of lengths(one).entries()) expect(lengths(other)[i]).to.be.closeTo(length, 0.012 * length);
    for (const {length, mm} of one.grains) expect(mm?.length).to.be.closeTo(length / 12, 1e-9);
    expect(one.scale).to.include({pxPerMm: 12, source: 'px-per-mm'});
  });

  describe('of a hostile picture', () => {
    const flat = (level: number, width = 900, height = 700): Frame => ({
      width,
      height,
      data: new Uint8Array(width * height * 3).fill(level),
    });
    const noise = (amplitude: number): Frame => {
      const random = randomNumbers(9);
      return {...flat(0), data: Uint8Array.from({length: 900 * 700 * 3}, () => 128 + amplitude * (random() - 0.5))};
    };
    const dots = (step: number): Frame => {
      const frame = flat(20);
      for (let y = 0; y < 700; y += step)
        for (let x = 0; x < 900; x += step) frame.data.fill(240, (y * 900 + x) * 3, (y * 900 + x) * 3 + 3);
      return frame;
    };
    const hostile: Record<string, () => Frame> = {
      'all black': () => flat(0),
      'all white': () => flat(255),
      'one pixel': () => flat(100, 1, 1),
      'a line': () => flat(100, 2000, 1),
      noise: () => noise(255),
      'faint noise': () => noise(20),
      'a dot on every second pixel': () => dots(2),
      'a dot on every sixth pixel': () => dots(6),
    };
    for (const [name, draw] of Object.entries(hostile))
      it(`ends with an answer or an error: ${name}`, async () => {
        const answer = await scan(draw()).catch((error) => error);
        if (answer instanceof RiceError) expect(answer.code).to.match(/^IMAGE_/);
        else {
          expect(answer).to.have.property('grains');
          for (const grain of (answer as ScannedPicture).grains)
            for (const key of ['x', 'y', 'length', 'width', 'area', 'angle'] as const)
              expect(Number.isFinite(grain[key]), key).to.equal(true);
        }
      });
  });

  it('counts the grains of photographs that others took (needs ../shared)', async function () {
    const folder = join(ROOT, '..', 'shared', 'data', 'photos', 'counted');
    if (!existsSync(folder)) this.skip();
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.jpg'))) {
      const counted = Number(/count-(\d+)/.exec(name)![1]);
      const {count} = await scanner.scan(readFileSync(join(folder, name)), name);
      expect(count, name).to.be.closeTo(counted, 0.02 * counted);
    }
  });
});
