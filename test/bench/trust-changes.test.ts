import {expect} from 'chai';
import {broken} from '../../bench/trust/changes/broken.ts';
import {TRUST_CHANGES} from '../../bench/trust/changes/changes.ts';
import {withCrumb} from '../../bench/trust/changes/crumb.ts';
import {exposed, gray} from '../../bench/trust/changes/exposure.ts';
import {laidOn} from '../../bench/trust/changes/ground.ts';
import {defocused, gaussian, moved} from '../../bench/trust/changes/lens.ts';
import {Subject} from '../../bench/trust/changes/subject.ts';
import {aimedAside, cutOff, foreshortening, rotation, smaller, warped} from '../../bench/trust/changes/warp.ts';
import {RandomStream} from '../../src/evaluation/robustness/random-stream.ts';
import type {Frame} from '../../src/image/frame.ts';
import {drawFrame, drawGrain} from '../helpers/images.ts';

const LENGTH = 160;
const grainAt = (angle: number) => drawGrain({size: 250, length: LENGTH, width: 50, angle});
const random = (name = 'test') => new RandomStream(name);

/** The sum of the green levels. */
const sumOf = ({data}: Frame) => data.reduce((sum, level, i) => (i % 3 === 1 ? sum + level : sum), 0);

/** A point of light in the middle. */
const point = drawFrame(41, 41, (x, y) => (x === 20 && y === 20 ? [250, 250, 250] : [0, 0, 0]));

/** How far the light of a picture is spread along both axes: its variance in pixels. */
function spreadOf({width, data}: Frame): {x: number; y: number; sum: number} {
  let [sum, x, y, xx, yy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < data.length / 3; i++) {
    const level = data[i * 3];
    const [px, py] = [i % width, Math.floor(i / width)];
    sum += level;
    x += level * px;
    y += level * py;
    xx += level * px * px;
    yy += level * py * py;
  }
  return {x: xx / sum - (x / sum) ** 2, y: yy / sum - (y / sum) ** 2, sum};
}

/** The share of an ellipse's area beyond a chord across its long axis that leaves `share` of its length outside. */
function segmentOf(share: number): number {
  const d = 1 - 2 * share;
  return (Math.acos(d) - d * Math.sqrt(1 - d * d)) / Math.PI;
}

/** Parts of a picture that are brighter than half, by flood fill. */
function partsOf({width, height, data}: Frame): number {
  const seen = new Uint8Array(width * height);
  let parts = 0;
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || data[start * 3] < 100) continue;
    parts++;
    const stack = [start];
    seen[start] = 1;
    while (stack.length > 0) {
      const at = stack.pop()!;
      for (const next of [at - 1, at + 1, at - width, at + width])
        if (next >= 0 && next < seen.length && !seen[next] && data[next * 3] >= 100) {
          seen[next] = 1;
          stack.push(next);
        }
    }
  }
  return parts;
}

describe('the changes of the trust bench', () => {
  it('are given once by name, keep their size or shrink, and are the same for the same picture', async () => {
    const names = TRUST_CHANGES.map(({name}) => name);
    expect(new Set(names).size).to.equal(names.length);
    const subject = new Subject(grainAt(30));
    for (const {name, apply} of TRUST_CHANGES) {
      const frame = await apply(subject, random(name));
      expect(frame.data.length, name).to.equal(frame.width * frame.height * 3);
      expect(Math.max(frame.width, frame.height), name).to.be.at.most(250);
      const again = await apply(new Subject(grainAt(30)), random(name));
      expect(Buffer.compare(frame.data, again.data), name).to.equal(0);
      if (name !== 'none') expect(Buffer.compare(frame.data, subject.frame.data), name).to.not.equal(0);
    }
    expect(Buffer.compare(subject.frame.data, grainAt(30).data)).to.equal(0);
  });

  it('double the light by the curve of sRGB', () => {
    // By the formula of IEC 61966-2-1, computed with a calculator.
    const frame = drawFrame(4, 1, (x) => [[0, 64, 100, 188][x], 128, 200]);
    expect([...exposed(frame, [2, 1, 1]).data]).to.deep.equal([
      ...[0, 128, 200, 90, 128, 200, 138, 128, 200, 255, 128, 200],
    ]);
  });

  it('take gray from the luma of BT.709', () => {
    const frame = drawFrame(3, 1, (x) => [x === 0 ? 255 : 0, x === 1 ? 255 : 0, x === 2 ? 255 : 0]);
    expect([...gray(frame).data]).to.deep.equal([54, 54, 54, 182, 182, 182, 18, 18, 18]);
  });

  it('spread a point of light by as much as lens and hand do', () => {
    // A Gaussian by sigma squared; a disc by a quarter of its radius squared; a line by a twelfth of its length squared.
    expect(spreadOf(gaussian(point, 1.5)).x).to.be.closeTo(2.25, 0.3);
    const disc = spreadOf(defocused(point, 5));
    expect(disc.x).to.be.closeTo(25 / 4, 0.5);
    expect(disc.y).to.be.closeTo(disc.x, 1e-9);
    const line = spreadOf(moved(point, 13, [1, 0]));
    expect(line.x).to.be.closeTo(169 / 12, 0.7);
    expect(line.y).to.be.lessThan(1e-9);
    const slanted = spreadOf(moved(point, 13, [Math.SQRT1_2, Math.SQRT1_2]));
    expect(slanted.x).to.be.closeTo(169 / 24, 0.9);
  });

  it('turn, shrink and tilt a grain to the length that follows', () => {
    const frame = grainAt(20);
    const {grain} = new Subject(frame);
    expect(grain.to - grain.from).to.be.closeTo(LENGTH, 2);
    const turned = new Subject(warped(frame, rotation(0.5), [124.5, 124.5])).grain;
    expect(Math.atan2(turned.sin, turned.cos)).to.be.closeTo((20 * Math.PI) / 180 + 0.5, 0.02);
    const tilted = new Subject(warped(frame, foreshortening(45, [grain.cos, grain.sin]), [124.5, 124.5])).grain;
    expect(tilted.to - tilted.from).to.be.closeTo(LENGTH * Math.SQRT1_2, 2);
    expect(tilted.breadth).to.be.closeTo(grain.breadth, 1.5);
    const small = smaller(frame, 0.25);
    expect([small.width, small.height]).to.deep.equal([63, 63]);
    expect(sumOf(small) / 63 ** 2).to.be.closeTo(sumOf(frame) / 250 ** 2, 0.2);
  });

  it('leave a share of the length outside or broken off', () => {
    for (const share of [0.05, 0.15, 0.3])
      for (const [angle, start] of [
        [0, true],
        [0, false],
        [90, true],
        [180, false],
      ] as const) {
        const frame = grainAt(angle);
        const {grain} = new Subject(frame);
        for (const change of [cutOff, aimedAside]) {
          const lost = 1 - sumOf(change(frame, grain, share, start)) / sumOf(frame);
          expect(lost, `${change.name} ${share} at ${angle} degrees`).to.be.closeTo(segmentOf(share), 0.01);
        }
      }
    for (const kept of [0.9, 0.75, 0.5]) {
      const lost = Array.from({length: 20}, (_, i) => {
        const subject = new Subject(grainAt(i * 9));
        return 1 - sumOf(broken(subject, kept, random(`${i}`))) / sumOf(subject.frame);
      });
      const mean = lost.reduce((sum, each) => sum + each, 0) / lost.length;
      expect(mean, `kept ${kept}`).to.be.closeTo(segmentOf(1 - kept), 0.025);
    }
  });

  it('lay a grain on a ground without a dark rim, with its shadow where it falls', () => {
    const subject = new Subject(grainAt(0));
    const {grain} = subject;
    const at = ({data}: Frame, x: number, y: number) => data[(y * 250 + x) * 3];
    const plain = laidOn(subject, () => [200, 200, 200]);
    expect(at(plain, 5, 5)).to.equal(200);
    expect(at(plain, 125, 125)).to.equal(at(subject.frame, 125, 125));
    // Grain (190 at its rim) and ground are bright: black that shone through would be as dark as 100.
    expect(plain.data.reduce((least, level) => Math.min(least, level), 255)).to.be.greaterThan(165);
    const shaded = laidOn(subject, () => [200, 200, 200], {dx: 0, dy: 20, sigma: 2, depth: 0.25});
    expect(at(shaded, 125, Math.round(grain.bottom + 10))).to.be.closeTo(150, 1);
    expect(at(shaded, 125, Math.round(grain.top - 10))).to.equal(200);
  });

  it('lay a crumb beside a grain, or against it', () => {
    for (let i = 0; i < 10; i++) {
      const subject = new Subject(grainAt(i * 18));
      expect(partsOf(withCrumb(subject, 10, random(`crumb ${i}`))), `beside ${i}`).to.equal(2);
      expect(partsOf(withCrumb(subject, 0, random(`crumb ${i}`))), `touching ${i}`).to.equal(1);
    }
  });
});
