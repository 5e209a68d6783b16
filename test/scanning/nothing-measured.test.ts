import {expect} from 'chai';
import {nothingMeasured} from '../../src/scanning/nothing-measured.ts';
import {drawnScan} from '../helpers/scanned.ts';

const {grains} = drawnScan(1, {columns: 3, rows: 2}).picture;

describe('a picture of which nothing was measured', () => {
  it('has no grain, one, only such at the border, or such of few pixels', () => {
    expect(nothingMeasured({grains})).to.equal(false);
    expect(nothingMeasured({grains: []})).to.equal(true);
    expect(nothingMeasured({grains: grains.slice(0, 1)})).to.equal(true);
    expect(nothingMeasured({grains: grains.map((grain) => ({...grain, border: true}))})).to.equal(true);
    expect(nothingMeasured({grains: grains.map((grain) => ({...grain, length: 19}))})).to.equal(true);
  });
});
