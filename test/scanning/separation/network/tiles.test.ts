import {expect} from 'chai';
import {planBatches} from '../../../../src/scanning/separation/network/tiles.ts';

describe('scanning: tiles of clusters', () => {
  const SIZES = [
    [1, 1],
    [40, 30],
    [496, 496],
    [497, 20],
    [1200, 700],
    [3001, 999],
  ];
  const clusters = SIZES.map(([width, height]) => ({width, height}));

  it('give each pixel of each cluster to one tile', () => {
    const owners = clusters.map(({width, height}) => new Uint8Array(width * height));
    for (const {tiles} of planBatches(clusters))
      for (const {cluster, own} of tiles)
        for (let y = own.top; y < own.bottom; y++)
          for (let x = own.left; x < own.right; x++) owners[cluster][y * clusters[cluster].width + x]++;
    for (const each of owners) expect(each.every((count) => count === 1)).to.equal(true);
  });

  it('show at least 64 pixels around what is their own, as far as the cluster goes', () => {
    for (const {tiles} of planBatches(clusters))
      for (const {cluster, x, y, width, height, own} of tiles) {
        const {width: wide, height: high} = clusters[cluster];
        expect(x).to.be.at.most(Math.max(0, own.left - 64));
        expect(y).to.be.at.most(Math.max(0, own.top - 64));
        expect(x + width).to.be.at.least(Math.min(wide, own.right + 64));
        expect(y + height).to.be.at.least(Math.min(high, own.bottom + 64));
        expect([x, y, own.left, own.top].map((edge) => edge % 2)).to.deep.equal([0, 0, 0, 0]);
      }
  });

  it('go through the network in few sizes, which hold them with their margins, and in batches that are not too large', () => {
    const many = Array.from({length: 400}, (_, i) => ({width: 20 + (i % 37), height: 18 + (i % 53)}));
    const batches = planBatches(many);
    expect(batches.reduce((sum, {tiles}) => sum + tiles.length, 0)).to.equal(400);
    expect(batches.length).to.be.below(20);
    for (const {width, height, tiles} of planBatches([...many, ...clusters])) {
      expect([width % 4, height % 4]).to.deep.equal([0, 0]);
      expect(tiles.length * width * height).to.be.at.most(1 << 19);
      for (const tile of tiles) {
        expect(tile.width + 2 * tile.margin).to.be.at.most(width);
        expect(tile.height + 2 * tile.margin).to.be.at.most(height);
      }
    }
  });

  it('are none for clusters without pixels', () => {
    expect(
      planBatches([
        {width: 0, height: 0},
        {width: 0, height: 5},
      ]),
    ).to.deep.equal([]);
  });
});
