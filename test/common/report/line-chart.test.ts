import {expect} from 'chai';
import {linearTicks, logarithmicTicks} from '../../../src/common/report/axis.ts';
import {lineChart} from '../../../src/common/report/line-chart.ts';

describe('ticks', () => {
  it('are at round numbers around what is shown', () => {
    expect(linearTicks(0.13, 0.92, 4)).to.deep.equal([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks(0.991, 1, 4)).to.deep.equal([0.99, 0.995, 1]);
    expect(linearTicks(1, 22, 6, true)).to.deep.equal([0, 5, 10, 15, 20, 25]);
    expect(linearTicks(1, 3, 6, true)).to.deep.equal([1, 2, 3]);
    expect(linearTicks(0.5, 0.5, 4)).to.have.length.above(1);
    expect(logarithmicTicks(0.02, 1.4)).to.deep.equal([0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]);
    expect(logarithmicTicks(1e-6, 3)).to.deep.equal([1e-6, 1e-4, 1e-2, 1, 100].slice(0, 5));
  });
});

describe('a chart of lines', () => {
  const chart = {title: 'Loss', over: 'epoch', format: String};
  const points = (ys: number[]) => ys.map((y, i) => ({x: i + 1, y}));

  it('puts the least and the greatest value where the axis has them', () => {
    const {text} = lineChart({...chart, series: [{name: 'a', points: points([0, 10, 5])}]});
    const [, places] = /<polyline class="line k1" points="([^"]+)"/.exec(text)!;
    const [first, second, third] = places.split(' ').map((place) => place.split(',').map(Number));
    const yOf = (label: string) => Number(new RegExp(`y="([\\d.]+)" text-anchor="end">${label}<`).exec(text)![1]) - 4;
    expect(first[1]).to.be.closeTo(yOf('0'), 0.01);
    expect(second[1]).to.be.closeTo(yOf('10'), 0.01);
    expect(third[1]).to.be.closeTo((first[1] + second[1]) / 2, 0.01);
    expect(second[0] - first[0]).to.be.closeTo(third[0] - second[0], 0.01);
  });

  it('escapes names, leaves out what is no number, and is nothing without numbers', () => {
    const series = [
      {name: '<b>', points: points([1, Number.NaN, Number.POSITIVE_INFINITY, 0, 2])},
      {name: 'b', points: []},
    ];
    const {text} = lineChart({...chart, logarithmic: true, series});
    expect(text)
      .to.include('<bdi>&lt;b&gt;</bdi>')
      .and.not.match(/NaN|Infinity|undefined/);
    expect(text.match(/<circle/g)).to.have.length(2);
    expect(lineChart({...chart, series: [{name: 'a', points: points([Number.NaN])}]}).text).to.equal('');
  });

  it('keeps the peak of a hundred thousand points in a page of some kilobytes', () => {
    const ys = Array.from({length: 100_000}, (_, i) => (i === 77_777 ? 9 : i % 2));
    const {text} = lineChart({...chart, series: [{name: 'a', points: points(ys)}]});
    expect(text.length).to.be.below(12_000);
    const tops = [.../points="([^"]+)"/.exec(text)![1].matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));
    expect(tops.filter((y) => y === Math.min(...tops))).to.have.length(1);
  });
});
