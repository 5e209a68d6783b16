import {expect} from 'chai';
import {connectRuns, RUN} from '../../../src/image/grain/components.ts';
import {momentsOf} from '../../../src/image/grain/moments.ts';
import {solidShape} from '../../../src/image/grain/shape.ts';
import {randomNumbers} from '../../helpers/images.ts';

const MARGIN = 3;

/** A grid of cells as text; `#` is an object. */
function gridOf(...rows: string[]): boolean[][] {
  return rows.map((row) => [...row].map((cell) => cell === '#'));
}

function randomGrid(width: number, height: number, share: number, seed: number): boolean[][] {
  const random = randomNumbers(seed);
  return Array.from({length: height}, () => Array.from({length: width}, () => random() < share));
}

function runsOf(grid: boolean[][]): Int32Array {
  const runs: number[] = [];
  grid.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      if (!row[x]) continue;
      const start = x;
      while (row[x]) x++;
      runs.push(y, start, x);
    }
  });
  return Int32Array.from(runs);
}

/** The 4-connected region of equal cells around a cell, by flood fill. */
function flood(grid: boolean[][], startX: number, startY: number): Set<string> {
  const region = new Set<string>();
  const todo = [[startX, startY]];
  while (todo.length > 0) {
    const [x, y] = todo.pop()!;
    if (grid[y]?.[x] !== grid[startY][startX] || region.has(`${x},${y}`)) continue;
    region.add(`${x},${y}`);
    todo.push([x - 1, y], [x + 1, y], [x, y - 1], [x, y + 1]);
  }
  return region;
}

/** All object regions, in the order of their first cells. */
function regionsOf(grid: boolean[][]): Set<string>[] {
  const seen = new Set<string>();
  const regions: Set<string>[] = [];
  grid.forEach((row, y) => {
    row.forEach((cell, x) => {
      if (!cell || seen.has(`${x},${y}`)) return;
      const region = flood(grid, x, y);
      for (const place of region) seen.add(place);
      regions.push(region);
    });
  });
  return regions;
}

/** The largest region with its holes filled. */
function solidOf(grid: boolean[][]): Set<string> {
  const regions = regionsOf(grid);
  const largest = regions.reduce((best, region) => (region.size > best.size ? region : best));
  const around = [-1, ...grid.keys(), grid.length].map((y) =>
    [-1, ...grid[0].keys(), grid[0].length].map((x) => largest.has(`${x},${y}`)),
  );
  const outside = flood(around, 0, 0);
  const solid = new Set<string>();
  grid.forEach((row, y) => {
    row.forEach((_, x) => {
      if (!outside.has(`${x + 1},${y + 1}`)) solid.add(`${x},${y}`);
    });
  });
  return solid;
}

function cellsOf({x: left, y: top, spans}: ReturnType<typeof solidShape>): Set<string> {
  const cells = new Set<string>();
  for (let i = 0; i < spans.length; i += RUN)
    for (let x = spans[i + 1]; x < spans[i + 2]; x++) cells.add(`${left + x},${top + spans[i]}`);
  return cells;
}

describe('image: shapes from runs', () => {
  const grids: [string, boolean[][]][] = [
    ['a ring', gridOf('.####.', '.#..#.', '.####.')],
    ['a ring with a way out', gridOf('.####.', '.#..#.', '.##.#.')],
    ['a ring that is closed at a corner only', gridOf('.###..', '.#.#..', '.##.#.')],
    ['rings in rings', gridOf('#######', '#.....#', '#.###.#', '#.#.#.#', '#.###.#', '#.....#', '#######')],
    ['a winding hole', gridOf('########', '#.#....#', '#.#.##.#', '#...##.#', '########')],
    ['a winding bay', gridOf('########', '#.#....#', '#.#.##.#', '#...##.#', '######.#')],
    ['two of one size', gridOf('##...', '##.##', '...##')],
    ['a U that joins below', gridOf('#..#', '#..#', '####')],
    ['combs that join late', gridOf('#.#.#.#', '#.#.#.#', '#.###.#', '#.....#', '#######')],
    ...[0.3, 0.5, 0.6, 0.7, 0.9].flatMap((share): [string, boolean[][]][] =>
      [1, 2, 3, 4].map((seed) => [`random cells, ${share}, ${seed}`, randomGrid(40, 30, share, seed)]),
    ),
  ];
  for (const [what, grid] of grids) {
    it(`finds regions and fills holes like a flood fill: ${what}`, () => {
      const runs = runsOf(grid);
      const components = connectRuns(runs);
      expect([...components.areas].sort()).to.deep.equal(
        regionsOf(grid)
          .map(({size}) => size)
          .sort(),
      );
      const shape = solidShape(runs, components, MARGIN);
      const solid = solidOf(grid);
      expect([...cellsOf(shape)].sort()).to.deep.equal([...solid].sort());
      const {area, x, y} = momentsOf(shape);
      const places = [...solid].map((place) => place.split(',').map(Number));
      expect(area).to.equal(places.length);
      expect(x).to.be.closeTo(places.reduce((sum, [column]) => sum + column, 0) / area, 1e-9);
      expect(y).to.be.closeTo(places.reduce((sum, [, row]) => sum + row, 0) / area, 1e-9);
    });
  }
});
