import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {decodeImage} from '../../../src/image/decode.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {crop} from '../../../src/image/grain/refine-detection.ts';
import {prepareFrame} from '../../../src/image/prepare.ts';
import {Classifier, type Prediction} from '../../../src/model/classifier.ts';
import {ROOT} from '../../cli/rice.ts';
import {drawFrame, encodePng} from '../../helpers/images.ts';
import {BACKGROUNDS, drawScene} from '../../helpers/scenes.ts';

const WINDOW = {width: 120, height: 56};
const SAMPLES = join(ROOT, 'test', 'samples');
const MARGINS = [0, 2, 10];

/** Cuts a picture to the box of what `isGrain` says, and so many pixels around. */
function cutTo(frame: Frame, margin: number, isGrain: (pixel: number) => boolean): Frame {
  let [left, top, right, bottom] = [frame.width, frame.height, 0, 0];
  for (let y = 0; y < frame.height; y++)
    for (let x = 0; x < frame.width; x++) {
      if (!isGrain(y * frame.width + x)) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 1);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 1);
    }
  left = Math.max(0, left - margin);
  top = Math.max(0, top - margin);
  right = Math.min(frame.width, right + margin);
  bottom = Math.min(frame.height, bottom + margin);
  return crop(frame, left, top, right - left, bottom - top);
}

/** On black, as bounding boxes of contours are found. */
const cutSample = (frame: Frame, margin: number) =>
  cutTo(frame, margin, (pixel) => Math.max(...frame.data.subarray(pixel * 3, pixel * 3 + 3)) > 50);

/** Enlarges or squeezes a picture to another size, by the nearest pixels. */
const scaledTo = ({width, height, data}: Frame, toWidth: number, toHeight: number) =>
  drawFrame(toWidth, toHeight, (x, y) => {
    const at = (Math.floor((y * height) / toHeight) * width + Math.floor((x * width) / toWidth)) * 3;
    return [data[at], data[at + 1], data[at + 2]];
  });

describe('image: a picture that is cut closely around its grain', () => {
  let classifier: Classifier;
  const samples: {name: string; variety: string; frame: Frame}[] = [];

  before(async () => {
    classifier = await Classifier.load({device: 'cpu', threads: 1});
    for (const name of readdirSync(SAMPLES).filter((each) => each.endsWith('.jpg'))) {
      const {frame} = await decodeImage(readFileSync(join(SAMPLES, name)));
      samples.push({name, variety: name.replace(/-.*/, ''), frame});
    }
  });
  after(() => classifier.release());

  async function predict(frame: Frame): Promise<Prediction> {
    const [answer] = await classifier.classify([encodePng(frame)]);
    if (answer instanceof RiceError) throw answer;
    return answer;
  }

  for (const margin of MARGINS)
    it(`has the variety, the size and the scale of the whole one, with a margin of ${margin} pixels`, async () => {
      expect(samples).to.have.length(10);
      let known = 0;
      for (const {name, variety, frame} of samples) {
        const whole = prepareFrame(frame, WINDOW);
        const cut = prepareFrame(cutSample(frame, margin), WINDOW);
        expect(whole.closelyCut, name).to.equal(undefined);
        expect(cut.closelyCut, name).to.equal('scale');
        expect(cut.notes.join(), name).to.contain('cut closely around the grain');
        expect(cut.grain!.area / whole.grain!.area, name).to.be.closeTo(1, 0.02);
        expect(cut.grain!.length / whole.grain!.length, name).to.be.closeTo(1, 0.02);
        const difference = whole.window.reduce((sum, level, i) => sum + Math.abs(level - cut.window[i]), 0);
        expect(difference / whole.window.length, name).to.be.below(1.5);
        const answer = await predict(cutSample(frame, margin));
        expect(answer.label.toLowerCase(), name).to.equal(variety);
        if (answer.known) known++;
        else expect(answer.reason, name).to.equal('capture too different to be sure');
      }
      // More confidence is needed where nothing shows the scale.
      expect(known).to.be.at.least(9);
    });

  it('is found on other grounds than black', () => {
    const found = Object.keys(BACKGROUNDS).filter((background) => {
      const {frame, cover, grain} = drawScene(BACKGROUNDS[background], 7, {variety: 'Arborio'});
      return MARGINS.every((margin) => {
        const cut = prepareFrame(
          cutTo(frame, margin, (pixel) => cover[pixel] > 0.5),
          WINDOW,
        );
        return cut.grain?.objects === 1 && Math.abs(cut.grain.length / grain.length - 1) < 0.06;
      });
    });
    expect(found).to.include.members(['black', 'grey', 'bright grey', 'blue', 'wood', 'cloth', 'paper', 'vignette']);
  });

  it('is never another variety, at no scale', async () => {
    for (const {name, variety, frame} of samples)
      for (const margin of MARGINS)
        for (const scale of [0.5, 1.6, 3]) {
          const cut = cutSample(frame, margin);
          const answer = await predict(scaledTo(cut, Math.round(cut.width * scale), Math.round(cut.height * scale)));
          if (answer.known) expect(answer.label.toLowerCase(), `${name} at ${scale}`).to.equal(variety);
        }
  });

  it('is unknown where it may have been squeezed into a square', async () => {
    for (const {name, frame} of samples) {
      const square = scaledTo(cutSample(frame, 2), 224, 224);
      expect(prepareFrame(square, WINDOW).closelyCut, name).to.equal('proportions');
      expect((await predict(square)).known, name).to.equal(false);
    }
  });

  it('is not what shows a wider view, however the grain lies', () => {
    for (const {frame, name} of samples) {
      const wide = cutSample(frame, 45);
      expect(prepareFrame(wide, WINDOW).closelyCut, name).to.equal(undefined);
    }
  });
});
