import {expect} from 'chai';
import type {Frame} from '../../../src/image/frame.ts';
import {annotateFrame} from '../../../src/scanning/output/annotate.ts';
import {annotateSvg} from '../../../src/scanning/output/annotate-svg.ts';
import {stroke} from '../../../src/scanning/output/draw/stroke.ts';
import {countClasses, grainClasses} from '../../../src/scanning/output/grain-classes.ts';
import {pictureEntry, summaryEntry} from '../../../src/scanning/output/picture-entry.ts';
import {drawFrame} from '../../helpers/images.ts';
import {drawnScan, drawnSummary} from '../../helpers/scanned.ts';

const LABELS = ['Arborio', 'Basmati', 'Jasmine'];
const {frame, picture} = drawnScan(1, {columns: 5, rows: 4, pxPerMm: 10});

const pixel = ({width, data}: Frame, x: number, y: number) => [
  ...data.subarray((Math.floor(y) * width + Math.floor(x)) * 3, (Math.floor(y) * width + Math.floor(x)) * 3 + 3),
];
const hex = (color: string) => [1, 3, 5].map((i) => Number.parseInt(color.slice(i, i + 2), 16));

describe('an annotated picture', () => {
  for (const colorBy of ['variety', 'grade'] as const)
    it(`has each outline in the color of its ${colorBy}, with a dark edge`, () => {
      const drawn = annotateFrame(frame, picture, {colorBy, labels: LABELS});
      const classOf = grainClasses(colorBy, LABELS);
      for (const grain of picture.grains.filter(({border}) => !border)) {
        const [x, y] = grain.outline[12];
        const [away, up] = [(x - grain.x) / 12, (y - grain.y) / 12];
        const color = pixel(drawn, x, y);
        hex(classOf(grain).color).forEach((level, c) => {
          expect(color[c], `${grain.id}`).to.be.closeTo(level, 40);
        });
        expect(Math.max(...pixel(drawn, x + away * 1.9, y + up * 1.9))).to.be.below(110);
      }
    });

  it('leaves the picture that it was made from alone, and has a legend below', () => {
    const before = Uint8Array.from(frame.data);
    const drawn = annotateFrame(frame, picture, {colorBy: 'variety', labels: LABELS});
    expect(frame.data).to.deep.equal(before);
    expect(drawn.width).to.equal(frame.width);
    expect(drawn.height).to.be.within(frame.height + 20, frame.height + 120);
    const empty = {...picture, grains: [], scale: null};
    expect(annotateFrame(frame, empty, {colorBy: 'variety', labels: LABELS})).to.deep.equal(frame);
  });

  it('is the same as shapes in SVG, where no name is markup', () => {
    const hostile = {...picture, grains: picture.grains.map((grain) => ({...grain, label: '<script>x</script>'}))};
    const svg = annotateSvg('data:image/png;base64,AA==', hostile, {colorBy: 'variety', labels: []});
    expect(svg.match(/<g><title>/g)).to.have.length(20);
    expect(svg).not.to.contain('<script');
    expect(svg).to.contain('&lt;script&gt;');
  });
});

describe('a stroke', () => {
  it('is as wide as asked, and its edge is soft', () => {
    const canvas = drawFrame(20, 20, () => [0, 0, 0]);
    stroke(canvas, [2, 10, 18, 10], 3, [200, 200, 200]);
    const column = Array.from({length: 20}, (_, y) => pixel(canvas, 10, y)[0]);
    expect(column.reduce((sum, level) => sum + level, 0) / 200).to.be.closeTo(3, 0.05);
    expect(column.filter((level) => level > 0 && level < 200)).to.have.length(2);
  });

  it('stays within the frame', () => {
    const canvas = drawFrame(8, 8, () => [0, 0, 0]);
    stroke(canvas, [-50, 4, 50, 4], 2, [255, 255, 255]);
    stroke(canvas, [-50, -50, -40, -40], 2, [255, 255, 255]);
    expect(pixel(canvas, 0, 4)[0]).to.be.above(100);
    expect(pixel(canvas, 0, 7)[0]).to.equal(0);
  });
});

describe('the classes of grains', () => {
  it('count every grain once, those at the border by themselves', () => {
    for (const by of ['variety', 'grade'] as const) {
      const classes = countClasses(picture.grains, by, LABELS);
      expect(classes.reduce((sum, {count}) => sum + count, 0)).to.equal(20);
      expect(classes.at(-1)).to.include({name: 'at the border', count: 1});
      expect(new Set(classes.map(({color}) => color)).size).to.equal(classes.length);
    }
  });
});

describe('a picture as JSON', () => {
  it('has as many digits as mean something', () => {
    const {grains, ...rest} = pictureEntry({...picture, countByArea: 20.437});
    expect(rest.countByArea).to.equal(20.4);
    for (const [i, grain] of grains.entries()) {
      expect(grain.length).to.equal(Math.round(picture.grains[i].length * 100) / 100);
      expect(JSON.stringify(grain)).not.to.match(/\.\d{7}/);
      expect(grain.outline.flat().every((value) => Number.isInteger(Math.round(value * 1e6) / 1e5))).to.equal(true);
    }
    expect(JSON.stringify(summaryEntry(drawnSummary([picture])))).not.to.match(/\.\d{7}/);
  });

  it('keeps every field', () => {
    const {grains} = pictureEntry(picture);
    for (const [i, grain] of grains.entries())
      expect(Object.keys(grain).sort()).to.deep.equal(Object.keys(picture.grains[i]).sort());
    const summary = drawnSummary([picture]);
    expect(Object.keys(summaryEntry(summary)).sort()).to.deep.equal(Object.keys(summary).sort());
  });
});
