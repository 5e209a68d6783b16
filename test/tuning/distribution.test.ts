import {expect} from 'chai';
import {randomOf, suggestRandomly} from '../../src/tuning/samplers/random-sampler.ts';
import {type Numbers, type NumericName, positionOf, quantileOf, valuesOf} from '../../src/tuning/space/distribution.ts';

/** Areas under a density by the rule of Simpson: an independent way to quantiles. */
function areas(density: (x: number) => number, low: number, high: number, steps = 20_000): {x: number; area: number}[] {
  const width = (high - low) / steps;
  const points = [{x: low, area: 0}];
  for (let i = 0; i < steps; i++) {
    const x = low + i * width;
    const slice = (width / 6) * (density(x) + 4 * density(x + width / 2) + density(x + width));
    points.push({x: x + width, area: points[i].area + slice});
  }
  const total = points.at(-1)!.area;
  return points.map(({x, area}) => ({x, area: area / total}));
}

const bell = (mu: number, sigma: number) => (x: number) => Math.exp(-((x - mu) ** 2) / (2 * sigma ** 2));

/** Every continuous distribution with its density up to a factor, from its definition. */
const DENSITIES: [NumericName, Numbers, (x: number) => number, low: number, high: number][] = [
  ['uniform', {min: -1, max: 3}, () => 1, -1, 3],
  ['log_uniform', {min: -3, max: 2}, (x) => 1 / x, Math.exp(-3), Math.exp(2)],
  ['log_uniform_values', {min: 0.1, max: 10}, (x) => 1 / x, 0.1, 10],
  // With y = log(1 / x) uniform on [min, max], x lies between exp(-max) and exp(-min).
  ['inv_log_uniform', {min: -1, max: 2}, (x) => 1 / x, Math.exp(-2), Math.exp(1)],
  ['inv_log_uniform_values', {min: 0.2, max: 5}, (x) => 1 / x, 0.2, 5],
  ['normal', {mu: 2, sigma: 0.5}, bell(2, 0.5), -3, 7],
  ['log_normal', {mu: 0.3, sigma: 0.4}, (x) => bell(0.3, 0.4)(Math.log(x)) / x, 1e-3, 20],
  ['beta', {a: 2, b: 5}, (x) => x * (1 - x) ** 4, 0, 1],
  ['beta', {a: 7.5, b: 1.25}, (x) => x ** 6.5 * (1 - x) ** 0.25, 0, 1],
];

describe('the distributions of sweeps', () => {
  for (const [name, numbers, density, low, high] of DENSITIES) {
    it(`${name} ${JSON.stringify(numbers)}: quantiles are those of its density, and sampling has them`, () => {
      const distribution = {kind: 'numeric', name, numbers} as const;
      const table = areas(density, low, high);
      const shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99];
      for (const share of shares) {
        const expected = table.find(({area}) => area >= share)!.x;
        const found = quantileOf(distribution, share);
        expect(found, `quantile ${share}`).to.be.closeTo(expected, 2e-3 * (high - low));
        expect(positionOf(distribution, found)).to.be.closeTo(share, 1e-9);
      }
      const random = randomOf(3, 1);
      const parameters = [{name: 'x', flag: 'x', distribution}];
      const drawn = Array.from({length: 4000}, () => suggestRandomly(parameters, random).x as number);
      for (const share of shares) {
        const below = drawn.filter((x) => x <= table.find(({area}) => area >= share)!.x).length / drawn.length;
        expect(below, `drawn below quantile ${share}`).to.be.closeTo(share, 0.03);
      }
    });
  }

  it('q_ rounds to multiples of q, ties to even as Python does, for each of them', () => {
    for (const [name, numbers] of DENSITIES) {
      if (name.startsWith('inv_')) continue;
      const plain = {kind: 'numeric', name, numbers} as const;
      const stepped = {kind: 'numeric', name: `q_${name}` as NumericName, numbers: {...numbers, q: 0.05}} as const;
      for (const u of [0.02, 0.3, 0.5, 0.81, 0.97]) {
        const value = quantileOf(stepped, u);
        expect(Math.abs(value - quantileOf(plain, u))).to.be.at.most(0.025 + 1e-9);
        expect(value / 0.05).to.be.closeTo(Math.round(value / 0.05), 1e-9);
      }
    }
    const halves = {kind: 'numeric', name: 'q_uniform', numbers: {min: 0, max: 4, q: 1}} as const;
    expect([0.125, 0.375, 0.625, 0.875].map((u) => quantileOf(halves, u))).to.deep.equal([0, 2, 2, 4]);
    expect(quantileOf({kind: 'numeric', name: 'q_uniform', numbers: {min: 0, max: 1, q: 0.1}}, 0.3)).to.equal(0.3);
  });

  it('int_uniform has each whole number equally often, both ends included', () => {
    const distribution = {kind: 'numeric', name: 'int_uniform', numbers: {min: -1, max: 3}} as const;
    const random = randomOf(1, 1);
    const counts = new Map<number, number>();
    for (let i = 0; i < 5000; i++) {
      const value = quantileOf(distribution, random.uniform());
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).to.deep.equal([-1, 0, 1, 2, 3]);
    for (const count of counts.values()) expect(count).to.be.within(900, 1100);
    expect(positionOf(distribution, 1)).to.be.closeTo(0.5, 1e-6);
    expect(quantileOf(distribution, 1)).to.equal(3);
    expect(valuesOf(distribution)).to.deep.equal([-1, 0, 1, 2, 3]);
    expect(valuesOf({kind: 'numeric', name: 'q_uniform', numbers: {min: 0.1, max: 0.5, q: 0.2}})).to.deep.equal([
      0, 0.2, 0.4,
    ]);
  });

  it('categories come with their probabilities, and constants as they are', () => {
    const random = randomOf(2, 1);
    const parameters = [
      {
        name: 'a',
        flag: 'a',
        distribution: {kind: 'categorical', values: ['x', 'y', 'z'], probabilities: [0.7, 0.3, 0]},
      },
      {name: 'b', flag: 'b', distribution: {kind: 'constant', value: 7}},
    ] as const;
    const drawn = Array.from({length: 4000}, () => suggestRandomly(parameters, random));
    const share = (value: string) => drawn.filter(({a}) => a === value).length / drawn.length;
    expect(share('x')).to.be.closeTo(0.7, 0.03);
    expect(share('z')).to.equal(0);
    expect(new Set(drawn.map(({b}) => b))).to.deep.equal(new Set([7]));
  });
});
