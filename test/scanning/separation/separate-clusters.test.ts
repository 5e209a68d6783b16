import {expect} from 'chai';
import type {Foreground} from '../../../src/scanning/foreground/find-foreground.ts';
import type {SortedRegions} from '../../../src/scanning/foreground/sort-regions.ts';
import {type Cluster, separateClusters} from '../../../src/scanning/separation/separate-clusters.ts';

const [WIDTH, HEIGHT] = [100, 40];

describe('scanning: clusters that are separated', () => {
  /** A bar, and one cell that touches it by its corner only. */
  const inBar = (x: number, y: number) => x >= 10 && x < 90 && y >= 10 && y < 26;
  const [cornerX, cornerY] = [90, 26];

  it('keep a cell that touches them by its corner, whatever the separator says of it', async () => {
    const labels = new Int32Array(WIDTH * HEIGHT);
    for (let y = 0; y < HEIGHT; y++) for (let x = 0; x < WIDTH; x++) if (inBar(x, y)) labels[y * WIDTH + x] = 1;
    labels[cornerY * WIDTH + cornerX] = 1;
    const region = {label: 1, left: 10, top: 10, right: 91, bottom: 27, area: 80 * 16 + 1};
    const cells = {width: WIDTH, height: HEIGHT, data: new Uint8Array(3 * WIDTH * HEIGHT).fill(200)};
    const foreground = {cells, labels, width: WIDTH, height: HEIGHT, regions: [region]} as unknown as Foreground;
    const sorted = {typical: {length: 40, area: 600}, clusters: [region]} as unknown as SortedRegions;
    // Halves of the bar; the cell at the corner is a piece of its own.
    const halves = ({width, height, mask}: Cluster): Int32Array => {
      const map = Int32Array.from(mask, (inside, i) => (inside ? (i % width < width / 2 ? 1 : 2) : 0));
      for (let i = map.length - 1, found = false; i >= 0 && !found; i--)
        if (mask[i]) {
          found = Math.floor(i / width) < height - 1;
          map[i] = 3;
        }
      return map;
    };
    const grains = await separateClusters({separate: async (clusters) => clusters.map(halves)}, foreground, sorted);
    expect(grains).to.have.length(2);
    expect(grains.every(({touching}) => touching)).to.equal(true);
    const own = grains.map(({label}) => foreground.labels.filter((each) => each === label).length);
    expect(own[0] + own[1]).to.equal(80 * 16 + 1);
    expect(foreground.labels[cornerY * WIDTH + cornerX]).to.equal(grains[1].label);
  });
});
