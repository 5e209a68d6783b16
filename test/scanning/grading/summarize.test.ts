import {createHash} from 'node:crypto';
import {expect} from 'chai';
import {gradeGrains} from '../../../src/scanning/grading/grade-grains.ts';
import {summarizePictures} from '../../../src/scanning/grading/summarize.ts';
import type {ScannedPicture} from '../../../src/scanning/types.ts';
import {GrainMaker, KINDS, type MadeGrain, withScale} from '../../helpers/scanning/made-grains.ts';

const labels = Object.keys(KINDS);

function picture(name: string, grains: readonly MadeGrain[], pxPerMm?: number): ScannedPicture {
  const sized = pxPerMm === undefined ? grains : grains.map((grain) => withScale(grain, pxPerMm));
  const grades = gradeGrains(sized);
  return {
    path: `${name}.jpg`,
    sha256: createHash('sha256').update(name).digest('hex'),
    width: 4000,
    height: 3000,
    scale: pxPerMm === undefined ? null : {pxPerMm, source: 'card', description: 'card at (10, 10)'},
    count: grains.length,
    countByArea: grains.length,
    grains: sized.map((grain, i) => ({...grain, ...grades[i]})),
    objects: [],
    warnings: [],
  };
}

describe('the summary of a sample', () => {
  it('has the shares, sizes and masses of one variety with a scale', () => {
    // 7.0 x 1.66 mm; those from 9/10 of the mean, which are whole, are a little longer.
    const grains = new GrainMaker('one').some(KINDS.Basmati, 400, 0.1);
    const summary = summarizePictures([picture('one', grains, 28)], {labels});
    expect(summary).to.include({pictures: 1, grains: 400, countByArea: 400, measured: 400});
    // Pieces count with the whole grains that they match, also where the model does not know them.
    expect(summary.labels.Basmati).to.be.within(390, 400);
    expect(Object.keys(summary.labels)).to.deep.equal(labels);
    expect(summary.broken?.count).to.be.within(38, 41);
    expect(summary.broken?.massShare).to.be.within(0.03, 0.07);
    expect(summary.broken!.low).to.be.below(0.1);
    expect(summary.broken!.high).to.be.above(0.1);
    expect(summary.lengths).to.include({unit: 'mm'});
    expect(summary.lengths.mean).to.be.closeTo(7, 0.12);
    expect(summary.lengths.width).to.be.closeTo(46.5 / 28, 0.02);
    expect(summary.lengths.ratio).to.be.closeTo(196 / 46.5, 0.1);
    expect(summary.lengths.variation).to.be.closeTo(0.055, 0.015);
    expect(summary.lengths.histogram.counts.reduce((sum, count) => sum + count, 0)).to.equal(400);
    expect(summary.sizeClasses).to.deep.equal({usda: 'long', eu: 'long B', codex: 'long'});
    // pi / 6 x 7 x 1.66 x 0.805 x 1.66 x 1.45 = 11.8 mg.
    expect(summary.thousandKernelMass?.grams).to.be.closeTo(11.8, 0.4);
    expect(summary.thousandKernelMass!.high - summary.thousandKernelMass!.low).to.be.within(0.2, 1);
    const grades = Object.values(summary.grades);
    expect(grades.reduce((sum, {count}) => sum + count, 0)).to.equal(400);
    expect(grades.reduce((sum, {massShare}) => sum + massShare, 0)).to.be.closeTo(1, 1e-9);
    expect(summary.warnings).to.deep.equal([]);
  });

  it('takes several pictures for one sample, in any order', () => {
    const maker = new GrainMaker('several');
    const pictures = [
      picture('a', maker.some(KINDS.Arborio, 120), 20),
      picture('b', maker.some(KINDS.Basmati, 60, 0.2), 28),
    ];
    const summary = summarizePictures(pictures, {labels, expect: 'Arborio'});
    expect(summary).to.include({pictures: 2, grains: 180});
    expect(summary.purity).to.include({label: 'Arborio', count: summary.labels.Arborio});
    expect(summary.purity!.share).to.be.closeTo(2 / 3, 0.03);
    expect(summary.sizeClasses).to.equal(undefined);
    expect(summarizePictures(pictures.toReversed(), {labels, expect: 'Arborio'})).to.deep.equal(summary);
  });

  it('counts what the model does not know', () => {
    const grains = new GrainMaker('unknown').some(KINDS.Arborio, 100).map((grain, i) => ({...grain, known: i >= 30}));
    const summary = summarizePictures([picture('unknown', grains)], {labels});
    expect(summary.shares.unknown.count).to.equal(30);
    expect(summary.labels).to.deep.equal({Arborio: 70, Basmati: 0, Ipsala: 0, Jasmine: 0, Karacadag: 0});
    expect(Object.keys(summary.shares)).to.deep.equal(['Arborio', 'unknown']);
    expect(summary.thousandKernelMass).to.equal(undefined);
    expect(summary.lengths.unit).to.equal('px');
  });

  it('warns of what limits it', () => {
    const maker = new GrainMaker('limits');
    const few = picture('few', maker.some(KINDS.Basmati, 40), 28);
    const bordered = {...few, grains: few.grains.map((grain, i) => ({...grain, border: i < 3}))};
    const all = (pictures: ScannedPicture[]) => summarizePictures(pictures, {labels}).warnings.join('\n');
    expect(all([bordered]))
      .to.match(/Only 37 grains/)
      .and.match(/3 grains at the border are counted/);
    expect(all([{...few, countByArea: 47}])).to.match(/40 grains were separated, but their area is that of 47/);
    expect(all([{...few, countByArea: 40.6}])).to.not.match(/area/);
    expect(all([few, picture('px', maker.some(KINDS.Basmati, 90))])).to.match(/1 of 2 pictures has no scale/);
    const coarse = summarizePictures([picture('coarse', maker.some(KINDS.Basmati, 120), 5)], {labels});
    expect(coarse.broken).to.equal(null);
    expect(coarse.grades).to.deep.equal({});
    expect(coarse.warnings).to.have.length(1);
    expect(coarse.warnings[0]).to.match(/less than 6 px\/mm/);
    const tiny = maker.some({label: 'Basmati', length: 27, width: 6.5}, 120);
    expect(all([picture('tiny', tiny)])).to.match(/^The picture has too few pixels[^\n]+$/);
  });

  it('says that broken grains without a whole one beside them are told by their ends', () => {
    const summary = summarizePictures([picture('pieces', new GrainMaker('pieces').some(KINDS.Ipsala, 150, 1))], {
      labels,
    });
    expect(summary.broken?.share).to.equal(1);
    expect(summary.grades).to.deep.equal({});
    expect(summary.warnings.join('\n')).to.match(/told by a cut end or by being short/);
  });

  it('speaks of one grain as of one', () => {
    const made = picture('one', new GrainMaker('one').some(KINDS.Ipsala, 200));
    const [{broken: _, grade: __, ...first}, ...others] = made.grains;
    const {warnings} = summarizePictures([{...made, grains: [first, ...others]}], {labels});
    expect(warnings.join('\n')).to.match(/1 grain could not be compared with whole ones of its variety, and is not/);
  });

  it('asks for as many grains as the share needs that is asked for', () => {
    const grains = new GrainMaker('needed').some(KINDS.Ipsala, 200);
    expect(summarizePictures([picture('needed', grains)], {labels}).needed).to.equal(381);
    const half = grains.map((grain, i) => ({...grain, known: i % 2 === 0}));
    expect(summarizePictures([picture('half', half)], {labels, expect: 'Ipsala'}).needed).to.be.within(9590, 9604);
  });

  it('is of nothing where nothing was found', () => {
    const summary = summarizePictures([picture('empty', [])], {labels});
    expect(summary).to.include({grains: 0, measured: 0, broken: null});
    expect(summary.lengths).to.deep.equal({
      unit: 'px',
      mean: 0,
      deviation: 0,
      variation: 0,
      histogram: {edges: [0], counts: []},
      ratio: 0,
      width: 0,
    });
    expect(JSON.stringify(summary)).to.not.match(/null,"low|NaN|Infinity/);
  });
});
