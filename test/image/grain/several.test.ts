import {expect} from 'chai';
import type {Frame} from '../../../src/image/frame.ts';
import {prepareFrame} from '../../../src/image/prepare.ts';
import {type Color, drawFrame, drawGrain, type GrainDrawing} from '../../helpers/images.ts';

const WINDOW = {width: 120, height: 56};
const SIDE = 400;
const GRAIN = {length: 96, width: 34};

interface Place {
  x: number;
  y: number;
  angle: number;
  length?: number;
  width?: number;
}

/** Draws grains over each other; each pixel is the brightest of them. */
function drawAll(places: readonly Place[], more: Partial<GrainDrawing> = {}): Frame {
  const frames = places.map((place) => drawGrain({size: SIDE, ...GRAIN, ...place, ...more}));
  const brightest = (at: number) => frames.reduce((most, {data}) => Math.max(most, data[at]), 0);
  return drawFrame(SIDE, SIDE, (x, y) => {
    const at = (y * SIDE + x) * 3;
    return [brightest(at), brightest(at + 1), brightest(at + 2)];
  });
}

const objectsIn = (frame: Frame) => prepareFrame(frame, WINDOW).grain?.objects;

/** Places on a circle, their long axes along it. */
const ring = (count: number, radius: number): Place[] =>
  Array.from({length: count}, (_, i) => {
    const turn = (2 * Math.PI * i) / count;
    return {x: 200 + radius * Math.cos(turn), y: 200 + radius * Math.sin(turn), angle: (180 * turn) / Math.PI + 90};
  });

/** Many small grains in rows, at angles of all kinds. */
const crowd = (count: number): Place[] =>
  Array.from({length: count}, (_, i) => ({
    x: 30 + (i % 5) * 85,
    y: 30 + Math.floor(i / 5) * 50,
    angle: i * 37,
    length: 24,
    width: 9,
  }));

describe('image: several grains', () => {
  for (const [name, places] of Object.entries({
    'end to end': [
      {x: 110, y: 200, angle: 10},
      {x: 203, y: 208, angle: 0},
      {x: 294, y: 200, angle: -10},
    ],
    'in a T': [
      {x: 200, y: 150, angle: 0},
      {x: 200, y: 213, angle: 90},
    ],
    'in a corner': [
      {x: 150, y: 200, angle: 0},
      {x: 210, y: 160, angle: 80},
    ],
  }))
    it(`are counted where they touch ${name}`, () => {
      expect(objectsIn(drawAll(places))).to.equal(places.length);
      // Elsewhere is a background, and a picture that is reduced first.
      expect(objectsIn(drawAll([...places, {x: 60, y: 60, angle: 30}]))).to.equal(places.length + 1);
    });

  for (const [count, radius] of [
    [5, 62],
    [6, 78],
    [7, 94],
  ])
    it(`are about ${count} where so many touch or lie across each other in a ring`, () => {
      expect(objectsIn(drawAll(ring(count, radius)))).to.equal(count);
      const across = ring(count, radius - 14).map((place) => ({...place, angle: place.angle + 22}));
      expect(objectsIn(drawAll(across))).to.be.within(count - 1, count + 1);
    });

  it('are counted beside the coin that shows the scale, which is far larger', () => {
    const coin = {x: 300, y: 330, angle: 0, length: 110, width: 108};
    for (const background of [[0, 0, 0] as Color, [60, 60, 60] as Color])
      expect(objectsIn(drawAll([coin, ...crowd(20)], {background})), `${background}`).to.be.within(19, 21);
  });

  it('are not seen in one that is curved, notched, thin or short', () => {
    const bent = Array.from({length: 9}, (_, i) => ({
      x: 130 + i * 17,
      y: 200 + (i - 4) ** 2 * 1.6,
      angle: (i - 4) * 9,
      length: 50,
      width: 34,
    }));
    expect(objectsIn(drawAll(bent))).to.equal(1);
    const notched = drawAll([{x: 200, y: 200, angle: 20, length: 150, width: 60}]);
    for (let y = 0; y < SIDE; y++)
      for (let x = 0; x < SIDE; x++)
        if (Math.hypot(x - 205, y - 168) < 12) notched.data.fill(0, (y * SIDE + x) * 3, (y * SIDE + x) * 3 + 3);
    expect(objectsIn(notched)).to.equal(1);
    for (const [length, width] of [
      [200, 36],
      [90, 60],
      [60, 56],
    ])
      for (const angle of [0, 25, 70])
        expect(objectsIn(drawAll([{x: 200, y: 200, angle, length, width}])), `${length} x ${width}`).to.equal(1);
  });

  it('are not seen in the dust around one grain', () => {
    const dust = Array.from({length: 12}, (_, i) => ({
      x: 20 + i * 30,
      y: 20 + ((i * 97) % 360),
      angle: 0,
      length: 3 + (i % 4),
      width: 3 + (i % 4),
    }));
    expect(objectsIn(drawAll([{x: 200, y: 200, angle: 30, length: 150, width: 60}, ...dust]))).to.equal(1);
  });
});
