import {expect} from 'chai';
import {targetSvg} from '../../../src/commands/target/svg.ts';
import {findScale} from '../../../src/scanning/scale/find-scale.ts';
import {distance, MARKER_CODES, readMarker, turnedClockwise} from '../../../src/scanning/scale/target/markers.ts';
import {PAPERS, type Paper, targetSheet} from '../../../src/scanning/scale/target/sheet.ts';
import type {Point} from '../../../src/scanning/types.ts';
import {printedSheet} from '../../helpers/drawn-sheet.ts';
import {type Color, drawFrame} from '../../helpers/images.ts';
import {box, disc, type PlaneCamera, scatteredGrains} from '../../helpers/plane-scenes.ts';
import {largestError, photograph} from './measured.ts';

const GROUND: Color = [110, 85, 60];

function sceneOf(paper: Paper, tint: Color = [1, 1, 1], cover: (x: number, y: number) => boolean = () => false) {
  const sheet = printedSheet(targetSvg(targetSheet(paper)), GROUND);
  const [width, height] = PAPERS[paper];
  const grains = scatteredGrains(120, [15, 40, width - 30, height - 80], 4);
  return (x: number, y: number): Color => {
    const [red, green, blue] = cover(x, y) ? GROUND : grains(x, y) ? [205, 200, 180] : sheet(x, y);
    return [red * tint[0], green * tint[1], blue * tint[2]];
  };
}

function cameraFor(paper: Paper, more: Partial<PlaneCamera>): PlaneCamera {
  const [width, height] = PAPERS[paper];
  return {width: 900, height: 1200, pxPerMm: 3, middle: [width / 2, height / 2], ...more};
}

const PLACES: Point[] = [
  [20, 40],
  [100, 140],
  [185, 240],
  [20, 240],
  [185, 40],
];

describe('the scale by our target', () => {
  const VIEWS = [
    {paper: 'a4', view: {}},
    {paper: 'a4', view: {tilt: 30, towards: 50, turn: 23, pxPerMm: 2.6}},
    {paper: 'letter', view: {tilt: 15, towards: 130, turn: 190}},
  ] as const;
  for (const {paper, view} of VIEWS)
    it(`is found without being named, right within 1 %: ${paper} ${JSON.stringify(view)}`, async () => {
      const camera = cameraFor(paper, view);
      const found = findScale(await photograph({camera, color: sceneOf(paper)}), {from: 'auto'})!;
      expect(largestError(camera, found, PLACES)).to.be.below(0.01);
      expect(found.scale.source).to.equal('target');
      expect(found.scale.description).to.equal(`target on ${paper === 'a4' ? 'A4' : 'Letter'}, 4 of 4 markers`);
      expect(found.regions).to.have.length(2);
      expect(found.warnings).to.equal(undefined);
    });

  it('needs three markers, and says how many it sees', async () => {
    const camera = cameraFor('a4', {tilt: 10, turn: 100});
    const three = sceneOf('a4', [1, 1, 1], box(0, 0, 40, 32));
    const found = findScale(await photograph({camera, color: three}), {from: 'target'})!;
    expect(found.scale.description).to.contain('3 of 4 markers');
    expect(largestError(camera, found, PLACES)).to.be.below(0.01);
    const two = await photograph({camera, color: sceneOf('a4', [1, 1, 1], box(0, 0, 210, 32))});
    expect(() => findScale(two, {from: 'target'})).to.throw('only 2 of its four markers were seen, and 3 are needed');
    expect(findScale(two, {from: 'auto'})).to.equal(undefined);
  });

  it('leaves out what lies under a grain on a marker', async () => {
    const camera = cameraFor('a4', {});
    const onEdge = disc(28, 20, 2.5);
    const picture = await photograph({camera, color: sceneOf('a4', [1, 1, 1], onEdge)});
    expect(largestError(camera, findScale(picture, {from: 'target'})!, PLACES)).to.be.below(0.01);
  });

  it('makes gray gray under colored light', async () => {
    const camera = cameraFor('letter', {});
    const picture = await photograph({camera, color: sceneOf('letter', [1, 0.9, 0.6])});
    const {whiteBalance} = findScale(picture, {from: 'target'})!;
    const [red, green, blue] = whiteBalance!;
    expect(green / red).to.be.closeTo(1 / 0.9, 0.03);
    expect(blue / red).to.be.closeTo(1 / 0.6, 0.05);
  });

  it('follows the length of the printed bar', async () => {
    const camera = cameraFor('a4', {});
    const picture = await photograph({camera, color: sceneOf('a4')});
    const [told, plain] = [97, 100].map((bar) => findScale(picture, {from: 'target', bar})!.scale);
    expect(told.pxPerMm * 0.97).to.be.closeTo(plain.pxPerMm, 1e-6);
    expect(told.description).to.contain('its bar 97 mm long');
  });

  it('is not seen in noise, nor in nothing', () => {
    let state = 1;
    const noise = drawFrame(600, 600, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return [state >>> 24, (state >>> 16) & 255, (state >>> 8) & 255];
    });
    const checks = drawFrame(600, 600, (x, y) => (((x >> 4) + (y >> 4)) % 2 === 0 ? [0, 0, 0] : [255, 255, 255]));
    for (const picture of [noise, checks, drawFrame(600, 600, () => [0, 0, 0]), drawFrame(1, 1, () => [9, 9, 9])])
      expect(findScale(picture, {from: 'auto'})).to.equal(undefined);
  });
});

describe('the codes of markers', () => {
  const turns = (code: number) => {
    const all = [code];
    while (all.length < 4) all.push(turnedClockwise(all[all.length - 1]));
    return all;
  };

  it('differ in at least 6 cells, however they are turned', () => {
    for (const [i, code] of MARKER_CODES.entries()) {
      for (const turned of turns(code).slice(1)) expect(distance(code, turned)).to.be.at.least(6);
      for (const other of MARKER_CODES.slice(i + 1))
        for (const turned of turns(other)) expect(distance(code, turned)).to.be.at.least(6);
    }
  });

  it('are read with one wrong cell, and turned', () => {
    for (const [id, code] of MARKER_CODES.entries())
      for (const [quarter, turned] of turns(code).entries())
        for (let bit = 0; bit < 16; bit++) expect(readMarker(turned ^ (1 << bit))).to.deep.equal({id, turns: quarter});
    expect(readMarker(0)).to.equal(undefined);
    expect(readMarker(0xffff)).to.equal(undefined);
  });
});
