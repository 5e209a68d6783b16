import {expect} from 'chai';
import {RobustnessTally} from '../../../src/evaluation/robustness/tally.ts';

const CHANGES = ['none', 'dark'].map((name) => ({name, title: `${name}.`, apply: () => expect.fail('not needed')}));

describe('tally of changed pictures', () => {
  it('counts answers by change and label', () => {
    const tally = new RobustnessTally(CHANGES, ['A', 'B', 'C']);
    tally.add(0, {predicted: [0, 1], known: [true, false]});
    tally.add(0, {predicted: [0, 0], known: [true, true]});
    tally.add(1, {predicted: [2, 1], known: [true, true]});
    const [none, dark] = tally.rows();
    expect(none).to.deep.include({change: 'none', title: 'none.', images: 3, accuracy: 2 / 3, unknown: 0});
    expect(none.perClass).to.deep.equal({A: {recall: 1}, B: {recall: 0}, C: {recall: null}});
    expect(none.worst).to.deep.equal({label: 'B', recall: 0});
    expect(none.interval.low).to.be.closeTo(0.2077, 1e-4);
    expect(dark).to.deep.include({accuracy: 2 / 3, unknown: 1, worst: {label: 'A', recall: 0.5}});
  });

  it('has no figures without pictures', () => {
    const [none] = new RobustnessTally(CHANGES, ['A', 'B']).rows();
    expect(none).to.deep.include({images: 0, accuracy: 0, worst: null});
  });
});
