import {expect} from 'chai';
import {Chalk} from 'chalk';
import {renderReport} from '../../../src/commands/evaluate/report.ts';

const style = new Chalk({level: 0});
const mistake = {path: 'B/1.jpg', label: 'B', predicted: 'A', confidence: 0.97};
const report = {
  model: {name: 'rice', version: '1.0.0'},
  trust: 'any-camera' as const,
  images: 1200,
  accuracy: 1199 / 1200,
  interval: {low: 0.9953, high: 0.99985},
  unknown: 3,
  reasons: {'no grain': 1, 'low confidence': 2},
  selective: {coverage: 0.99, accuracy: 1187 / 1188, images: 1188},
  perClass: {
    A: {precision: 0.99, recall: 1, f1: 0.995, support: 700},
    B: {precision: null, recall: 0.99, f1: null, support: 500},
  },
  confusion: {
    labels: ['A', 'B'],
    matrix: [
      [700, 0],
      [1, 499],
    ],
  },
  calibration: {ece: 0.0123},
  mistakes: [mistake],
  errors: [{}],
  seconds: 2,
  imagesPerSecond: 600,
};

describe('report', () => {
  const text = renderReport(report, {style, part: 'test', columns: Number.POSITIVE_INFINITY});

  it('begins with the accuracy and its interval', () => {
    expect(text.split('\n')[0]).to.equal(
      '99.92% right: 1,199 of 1,200 pictures of the test part (95 % interval 99.53% to 99.98%)',
    );
    expect(text).to.contain(
      [
        '99.92% right of the 99% most trusted: 1,188 pictures',
        'calibration error 1.23%, 3 answered "unknown" (1 no grain, 2 low confidence), 1 file unreadable',
      ].join('\n'),
    );
  });

  it('says that the strict setting was used', () => {
    const strict = {...report, trust: 'same-camera' as const};
    const columns = Number.POSITIVE_INFINITY;
    expect(renderReport(strict, {style, part: 'all', columns})).to.contain(
      'calibration error 1.23%, answers accepted with --trust same-camera, 3 answered "unknown"',
    );
    expect(text).not.to.contain('--trust');
  });

  it('draws the confusion matrix with rows of true labels', () => {
    expect(text).to.match(/^true \\ predicted +A +B$/m);
    expect(text).to.match(/^A +700 +\.$/m);
    expect(text).to.match(/^B +1 +499$/m);
  });

  it('shows undefined values as a dash', () => {
    expect(text).to.match(/^B +- +99\.00% +- +500$/m);
  });

  it('lists the mistakes, with no heading if there are none', () => {
    expect(text).to.match(/B\/1\.jpg +B taken for A +97\.0%/);
    expect(
      renderReport({...report, mistakes: []}, {style, part: 'all', columns: Number.POSITIVE_INFINITY}),
    ).not.to.contain('mistakes');
  });

  it('shows ten mistakes and counts the rest', () => {
    const many = renderReport(
      {...report, mistakes: Array.from({length: 25}, () => mistake)},
      {style, part: 'all', columns: Number.POSITIVE_INFINITY},
    );
    expect(many.match(/taken for/g)).to.have.length(10);
    expect(many).to.contain('and 15 more');
  });

  it('says that the gate passed, and where the page is', () => {
    const text = renderReport(
      {...report, gate: {minAccuracy: 0.99, passed: true}, report: 'page\n.html'},
      {style, part: 'all', columns: Number.POSITIVE_INFINITY},
    );
    expect(text).to.contain(
      '3 answered "unknown" (1 no grain, 2 low confidence), --min-accuracy 0.99 reached, 1 file unreadable',
    );
    expect(text.split('\n').at(-1)).to.equal('Report with pictures of the mistakes: page\\n.html');
  });

  it('has one line per change of the pictures', () => {
    const row = {title: 'grey-scale', images: 1200, accuracy: 0.9, interval: {low: 0.88, high: 0.92}, unknown: 60};
    const robustness = [
      {...row, perClass: {A: {recall: 1}, B: {recall: 0.5}}, worst: {label: 'B', recall: 0.5}},
      {...row, title: 'blur', images: 0, perClass: {}, worst: null},
      {...row, title: 'noise', perClass: {A: {recall: 1}, B: {recall: 1}}, worst: {label: 'A', recall: 1}},
    ];
    const text = renderReport({...report, robustness}, {style, part: 'all', columns: Number.POSITIVE_INFINITY});
    expect(text).to.match(/^ {2}grey-scale +90\.00% +88\.00% to 92\.00% +5\.0% +B +50\.00%$/m);
    expect(text).to.match(/^ {2}blur .* 0\.0% +-$/m);
    expect(text).to.match(/^ {2}noise .* 5\.0% +all alike$/m);
  });
});
