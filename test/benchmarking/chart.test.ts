import {expect} from 'chai';
import {benchmarkChart} from '../../src/benchmarking/chart/chart.ts';
import {placeNames} from '../../src/benchmarking/chart/place-names.ts';
import {rateAxis, whiskerPath} from '../../src/benchmarking/chart/rate-axis.ts';
import type {Accuracy} from '../../src/benchmarking/measure-accuracy.ts';
import {renderBenchmarkPage} from '../../src/benchmarking/report/page.ts';
import {type Subject, summarize} from '../../src/benchmarking/summarize.ts';
import type {Benchmark} from '../../src/benchmarking/types.ts';

function accuracyOf(accuracy: number): Accuracy {
  const interval = {low: accuracy - 0.01, high: Math.min(1, accuracy + 0.01), level: 0.95};
  return {images: 100, accuracy, interval, unknown: 0, errors: 0, sameAsFirst: null};
}

/** Models that are so fast in each of two rounds, with decoding half as fast. */
function measured(speeds: Record<string, number>, accuracy: Accuracy | null, busy = false): Benchmark {
  const subjects = Object.entries(speeds).map(([model, rate]): Subject => {
    const run = {
      startUpSeconds: 0.3,
      peakMemory: 1e8,
      measurements: [false, true].map((decoding) => ({
        decoding,
        batchSize: 8,
        imagesPerSecond: decoding ? rate / 2 : rate,
        processorMilliseconds: 1,
        calls: [1],
      })),
    };
    return {model, device: 'cpu', threads: 1, accuracy, runs: [run, run]};
  });
  const machine = {
    cpu: 'A <CPU>',
    cores: 2,
    memory: 8e9,
    gpu: null,
    os: 'Linux',
    node: 'v20',
    onnxruntime: '1.30.0',
    rice: '2.0.0',
  };
  return {
    date: '2026-11-30T12:00:00Z',
    machine,
    busy,
    loads: [],
    rounds: 2,
    seconds: 1,
    pictures: {folder: null, part: null, limit: null, count: 40, bytes: 1},
    models: Object.keys(speeds).map((label) => {
      return {label, path: label, name: label, version: '1.0.0', sha256: '', bytes: 1, parameters: 1};
    }),
    configurations: summarize(subjects, busy),
    unavailable: [],
  };
}

const barWidths = (svg: string) =>
  [...svg.matchAll(/<rect class="k\d" [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));

describe('benchmarking: the chart', () => {
  it('has bars as long as the rates, in both ways', () => {
    const widths = barWidths(benchmarkChart(measured({a: 1000, b: 4000}, null)));
    expect(widths).to.have.length(4);
    expect(widths[1] / widths[0]).to.be.closeTo(4, 0.01);
    expect(widths[3] / widths[2]).to.be.closeTo(4, 0.01);
  });

  it('sets accuracy against speed where there is one', () => {
    const svg = benchmarkChart(measured({a: 1000, b: 4000}, accuracyOf(0.98)));
    expect(svg.match(/<circle /g)).to.have.length(2);
    expect(svg).to.contain('b: 2,000 images a second, 98.00% right');
    expect(benchmarkChart(measured({a: 1000}, null))).to.not.contain('<circle ');
  });

  it('names the machine, and marks every figure of a busy one', () => {
    const calm = benchmarkChart(measured({a: 1000}, null));
    expect(calm).to.contain('A &lt;CPU&gt;, 2 cores').and.to.contain('onnxruntime 1.30.0, 2026-11-30');
    expect(calm).to.not.contain('~');
    const busy = benchmarkChart(measured({a: 1000}, null, true));
    expect(busy.match(/class="value"[^>]*>~/g)).to.have.length(2);
    expect(busy).to.contain('busy machine');
  });

  it('is XML whatever a model is called', () => {
    const svg = benchmarkChart(measured({'a"<script>&\u202e.onnx': 1000, ['x'.repeat(200)]: 1}, accuracyOf(1)));
    expect(svg).to.not.contain('<script').and.not.to.contain('\u202e');
    // Every element that is opened is closed, in order.
    const open: string[] = [];
    for (const [, closing, name, own] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
      if (closing) expect(open.pop()).to.equal(name);
      else if (!own) open.push(name);
    }
    expect(open).to.deep.equal([]);
    expect(svg.replaceAll(/&(lt|gt|amp|quot|#39|#96);/g, '')).to.not.contain('&');
  });

  it('is in a page with all figures', () => {
    const page = renderBenchmarkPage(measured({a: 1000, '<b>': 4000}, accuracyOf(0.98)), 'rice benchmark a "<b>"');
    expect(page).to.match(/<h1>2,000 images a second<\/h1>/);
    expect(page.match(/<svg class="panel"/g)).to.have.length(3);
    expect(page).to.contain('4.00x (4.00 to 4.00)').and.to.contain('97.00% to 99.00%');
    expect(page).to.contain("default-src 'none'").and.not.to.contain('<b>');
    expect(renderBenchmarkPage(measured({a: 1000}, null, true), 'rice benchmark')).to.contain('<h1>~500 images');
  });

  it('is not stretched by an interval of few rounds, which then has no end', () => {
    const wide = {value: 100, low: 1, high: 10_000};
    const {ticks, end} = rateAxis([wide, {value: 80, low: 70, high: 90}], 5);
    expect(end).to.be.within(100, 200);
    expect(ticks[0]).to.equal(0);
    expect(whiskerPath(wide, 10, end, (value) => value)).to.equal(`M1 10H${end}M1 7V13`);
    expect(whiskerPath({value: 5, low: 4, high: 6}, 10, end, (value) => value)).to.equal('M4 10H6M4 7V13M6 7V13');
    expect(whiskerPath({value: 5, low: null, high: null}, 10, end, (value) => value)).to.equal('');
  });

  it('lays names beside their points so that none covers another', () => {
    const points = [0, 1, 2].map((i) => ({x: 300 + i * 10, y: 100, name: 'a model'}));
    const placed = placeNames(points, 760);
    const boxes = placed.map(({x, y, anchor}) => ({left: anchor === 'start' ? x : x - 46, y}));
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1))
        expect(Math.abs(a.left - b.left) >= 46 || Math.abs(a.y - b.y) >= 14, JSON.stringify(boxes)).to.equal(true);
    // At the right edge there is only room to the left.
    expect(placeNames([{x: 750, y: 100, name: 'a model'}], 760)[0].anchor).to.equal('end');
  });
});
