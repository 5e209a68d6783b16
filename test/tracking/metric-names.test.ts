import {expect} from 'chai';
import {histogramOf} from '../../src/tracking/histogram.ts';
import {namedMetrics} from '../../src/tracking/metric-names.ts';

const EPOCH = {
  epoch: 3,
  loss: 0.5,
  accuracy: 0.8,
  validationLoss: 0.4,
  validationAccuracy: 0.9,
  learningRate: 1e-3,
  imagesPerSecond: 100,
};
const OWN = {
  epoch: 3,
  'train/loss': 0.5,
  'train/accuracy': 0.8,
  'val/loss': 0.4,
  'val/accuracy': 0.9,
  lr: 1e-3,
  images_per_second: 100,
};

describe('tracking: names of metrics', () => {
  it('are its own, and those of timm in percent or of Ultralytics as shares beside them', () => {
    expect(namedMetrics(EPOCH, 'rice', 5)).to.deep.equal(OWN);
    expect(namedMetrics(EPOCH, 'timm', 5)).to.deep.equal({
      ...OWN,
      train_loss: 0.5,
      eval_loss: 0.4,
      eval_top1: 90,
      eval_top5: 100,
    });
    expect(namedMetrics(EPOCH, 'ultralytics', 5)).to.deep.equal({
      ...OWN,
      'metrics/accuracy_top1': 0.9,
      'metrics/accuracy_top5': 1,
      'lr/pg0': 1e-3,
    });
  });

  it('leave out the accuracy of five answers where more than five are possible', () => {
    expect(namedMetrics(EPOCH, 'timm', 6)).not.to.have.property('eval_top5');
    expect(namedMetrics(EPOCH, 'ultralytics', 6)).not.to.have.property('metrics/accuracy_top5');
  });
});

describe('tracking: histograms', () => {
  it('count every value once, the greatest in the last bin', () => {
    const {counts, limits, ...others} = histogramOf(Float32Array.of(0, 1, 2, 3, 4, 4), 4);
    expect(counts).to.deep.equal([1, 1, 1, 3]);
    expect(limits).to.deep.equal([1, 2, 3, 4]);
    expect(others).to.deep.equal({min: 0, max: 4, count: 6, sum: 14, sumSquares: 46});
  });

  it('hold without spread, without numbers and without values', () => {
    expect(histogramOf(Float32Array.of(2, 2))).to.deep.include({limits: [2], counts: [2], min: 2, max: 2});
    expect(histogramOf(Float32Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY))).to.include({count: 1, sum: 1});
    expect(histogramOf(new Float32Array())).to.include({count: 0});
  });
});
