import {expect} from 'chai';
import {targetSvg} from '../../src/commands/target/svg.ts';
import {targetSheet} from '../../src/scanning/scale/target/sheet.ts';
import {Scanner} from '../../src/scanning/scanner.ts';
import {HAS_MODEL} from '../cli/rice.ts';
import {printedSheet} from '../helpers/drawn-sheet.ts';
import {encodeJpeg} from '../helpers/images.ts';
import {photographPlane} from '../helpers/plane-scenes.ts';

/** Grains of 7 x 2 mm in rows, apart from each other, on both fields. */
const GRAINS = [60, 90, 120, 180, 210, 240].flatMap((y) => [30, 60, 90, 120, 150, 180].map((x) => ({x, y})));

describe('a scan of grains on our target', () => {
  before(function () {
    if (!HAS_MODEL) this.skip();
  });

  it('counts those of both fields and none of the sheet, and measures them in millimeters', async () => {
    const sheet = printedSheet(targetSvg(targetSheet('a4')), [110, 85, 60]);
    const isGrain = (x: number, y: number) =>
      GRAINS.some((grain) => ((x - grain.x) / 3.5) ** 2 + (y - grain.y) ** 2 < 1);
    const frame = photographPlane({
      camera: {width: 1200, height: 1600, pxPerMm: 4.4, middle: [105, 148.5], tilt: 15, towards: 50, turn: 8},
      uneven: 0.3,
      noise: 2,
      color: (x, y) => (isGrain(x, y) ? [215, 210, 195] : sheet(x, y)),
    });
    const scanner = await Scanner.load();
    try {
      const picture = await scanner.scan(encodeJpeg(frame, 90), 'target.jpg');
      expect(picture.scale?.source).to.equal('target');
      expect(picture.count).to.equal(GRAINS.length);
      for (const {mm} of picture.grains) expect(mm?.length).to.be.closeTo(7, 0.25);
      expect(new Set(picture.objects.map(({kind}) => kind))).to.deep.equal(new Set(['target']));
    } finally {
      await scanner.release();
    }
  });
});
