import {expect} from 'chai';
import {gradeGrains, gradeOf} from '../../../src/scanning/grading/grade-grains.ts';
import {GrainMaker, KINDS, type Kind, type MadeGrain, withScale} from '../../helpers/scanning/made-grains.ts';

const kinds: Kind[] = Object.values(KINDS);

/** Shares of whole grains called broken, and of broken ones called so, among those of which anything is said. */
function rates(grains: readonly MadeGrain[], brokenBelow = 0.75) {
  const grades = gradeGrains(grains, {brokenBelow});
  const tally = {whole: 0, wrong: 0, broken: 0, right: 0, undecided: 0};
  grains.forEach(({truth}, i) => {
    const {broken} = grades[i];
    if (broken === undefined) tally.undecided++;
    else if (truth.kept === 1) {
      tally.whole++;
      if (broken) tally.wrong++;
    } else {
      tally.broken++;
      if (broken) tally.right++;
    }
  });
  return {
    wrong: tally.wrong / Math.max(1, tally.whole),
    right: tally.right / Math.max(1, tally.broken),
    undecided: tally.undecided / grains.length,
  };
}

describe('grading', () => {
  it('finds no broken grain among whole ones', () => {
    for (const kind of kinds)
      for (const count of [1, 5, 12, 40, 200]) {
        const {wrong, undecided} = rates(new GrainMaker(`whole ${kind.label} ${count}`).some(kind, count));
        expect(wrong, `${count} ${kind.label}`).to.be.at.most(0.02);
        // A few grains may be none that the model knows: then nothing is there to compare them with.
        if (count >= 12) expect(undecided, `${count} ${kind.label}`).to.equal(0);
      }
  });

  it('finds all broken where no whole grain is to compare with', () => {
    for (const kind of kinds) {
      const grains = new GrainMaker(`broken ${kind.label}`).some(kind, 200, 1);
      const {right, undecided} = rates(grains);
      expect(right, kind.label).to.be.at.least(0.98);
      expect(undecided, kind.label).to.be.at.most(0.2);
    }
  });

  it('takes what is short beside pieces for a piece, though its ends show no cut', () => {
    const grains = new GrainMaker('short').some(KINDS.Basmati, 100, 1).map((grain) => ({...grain, known: false}));
    const [short, long] = [60, 118].map((length) => ({...grains[0], length, outline: []}));
    const grades = gradeGrains([short, long, ...grains.slice(2)]);
    expect(grades[0]).to.deep.equal({broken: true, discolored: false});
    expect(grades[1]).to.deep.equal({discolored: false});
  });

  it('tells whole from broken where there are both', () => {
    for (const kind of kinds)
      for (const broken of [0.05, 0.15, 0.3, 0.6]) {
        const found = rates(new GrainMaker(`both ${kind.label} ${broken}`).some(kind, 200, broken));
        expect(found.wrong, `${kind.label} ${broken}`).to.be.at.most(0.01);
        expect(found.right, `${kind.label} ${broken}`).to.be.at.least(0.9);
        expect(found.undecided, `${kind.label} ${broken}`).to.be.at.most(0.01);
      }
  });

  it('tells whole from broken in mixtures of two varieties', () => {
    const total = {wrong: 0, right: 0, pictures: 0};
    for (const [i, one] of kinds.entries())
      for (const other of kinds.slice(i + 1))
        for (const broken of [0.05, 0.15, 0.3]) {
          const maker = new GrainMaker(`${one.label} ${other.label} ${broken}`);
          const {wrong, right} = rates([...maker.some(one, 100, broken), ...maker.some(other, 100, broken)]);
          expect(wrong, `${one.label} ${other.label} ${broken}`).to.be.at.most(0.02);
          total.wrong += wrong;
          total.right += right;
          total.pictures++;
        }
    expect(total.wrong / total.pictures).to.be.at.most(0.005);
    expect(total.right / total.pictures).to.be.at.least(0.95);
  });

  it('does not take a shorter variety of the same width for pieces of a longer one', () => {
    const maker = new GrainMaker('jasmine in basmati');
    const grains = [...maker.some(KINDS.Basmati, 150), ...maker.some(KINDS.Jasmine, 20)];
    expect(rates(grains).wrong).to.be.at.most(0.02);
  });

  it('grades rice that the model does not know, and varieties of which nothing is stored', () => {
    const own = {label: 'Sella', length: 80, width: 25};
    const maker = new GrainMaker('own');
    expect(rates(maker.some(own, 200)).wrong).to.be.at.most(0.01);
    const some = maker.some(own, 200, 0.15);
    expect(rates(some).right).to.be.at.least(0.95);
    const unknown = rates(some.map((grain) => ({...grain, known: false})));
    expect(unknown.right).to.be.at.least(0.95);
    expect(unknown.wrong).to.be.at.most(0.01);
  });

  it('grades large and small grains of one variety each by its own', () => {
    const maker = new GrainMaker('two sizes');
    const large = {label: 'Jasmine', length: 205, width: 64};
    const grains = [...maker.some(KINDS.Jasmine, 120, 0.1), ...maker.some(large, 60)];
    const {wrong, right} = rates(grains);
    expect(wrong).to.be.at.most(0.02);
    expect(right).to.be.at.least(0.9);
  });

  it('decides nothing of grains at the border, and of those with too few pixels', () => {
    const grains = new GrainMaker('border').some(KINDS.Basmati, 40);
    const [first] = gradeGrains([{...grains[0], border: true}, ...grains.slice(1)]);
    expect(first).to.deep.equal({discolored: false});
    const coarse = gradeGrains(grains.map((grain) => withScale(grain, 5)));
    expect(coarse.filter(({grade, broken}) => grade !== undefined || broken !== undefined)).to.deep.equal([]);
    const fine = gradeGrains(grains.map((grain) => withScale(grain, 25)));
    expect(fine.filter(({broken}) => broken === false)).to.have.length(40);
  });

  it('follows the share that is asked for', () => {
    const maker = new GrainMaker('limits');
    const grains = maker.some(KINDS.Basmati, 100, 0.2);
    const broken = (below: number) => gradeGrains(grains, {brokenBelow: below}).filter((grain) => grain.broken).length;
    // Of what is left of a grain, 30 to 60 %.
    expect(broken(3 / 4)).to.be.within(19, 21);
    expect(broken(1 / 2)).to.be.within(8, 17);
    expect(broken(0.2)).to.equal(0);
  });

  it('says how long a grain is beside whole ones, and estimates its mass', () => {
    const maker = new GrainMaker('share');
    const grains = maker.some(KINDS.Basmati, 150, 0.2).map((grain) => withScale(grain, 28));
    const grades = gradeGrains(grains);
    grains.forEach(({truth, length}, i) => {
      const {lengthShare, grade, mass} = grades[i];
      expect(lengthShare).to.be.closeTo(length / 196, truth.kept === 1 ? 0.03 : 0.06);
      if (truth.kept === 1) expect(grade).to.be.oneOf(['whole', 'head']);
      else expect(grade).to.be.oneOf(['large broken', 'medium broken']);
      expect(mass).to.be.within(2, 25);
    });
  });

  it('names by ISO 7301, and chips only with a scale', () => {
    expect([1.1, 0.9, 0.899, 0.75, 0.749, 0.5, 0.499, 0.25, 0.249].map((share) => gradeOf(share))).to.deep.equal([
      'whole',
      'whole',
      'head',
      'head',
      'large broken',
      'large broken',
      'medium broken',
      'medium broken',
      'small broken',
    ]);
    expect(gradeOf(0.2, 1.39)).to.equal('chip');
    expect(gradeOf(0.2, 1.4)).to.equal('small broken');
    expect(gradeOf(0.3, 1.2)).to.equal('medium broken');
  });

  it('says nothing of no grain', () => {
    expect(gradeGrains([])).to.deep.equal([]);
  });
});

describe('the color of grains', () => {
  const colored = (grain: MadeGrain, L: number, a: number, b: number) => ({...grain, color: {L, a, b}});
  const discolored = (grains: readonly MadeGrain[]) =>
    gradeGrains(grains).flatMap((grade, i) => (grade.discolored ? [i] : []));

  it('is far where a grain is yellow, red or black, not where it is white', () => {
    const grains = new GrainMaker('color').some(KINDS.Arborio, 60);
    expect(discolored(grains)).to.deep.equal([]);
    const some = [
      colored(grains[0], 75, 3, 32),
      colored(grains[1], 60, 18, 15),
      colored(grains[2], 30, 0, 5),
      colored(grains[3], 95, 0, 2),
      ...grains.slice(4),
    ];
    expect(discolored(some)).to.deep.equal([0, 1, 2]);
  });

  it('is that of its variety: a yellow one among white ones is not discolored', () => {
    const maker = new GrainMaker('two colors');
    const yellow = maker.some(KINDS.Basmati, 30).map((grain) => colored(grain, 70, 4, 30 + grain.color.a));
    expect(
      discolored([...maker.some(KINDS.Arborio, 100), ...yellow].map((grain) => ({...grain, known: true}))),
    ).to.deep.equal([]);
  });

  it('is not far where all differ a little, or by shadow alone', () => {
    const grains = new GrainMaker('shadow').some(KINDS.Arborio, 60);
    expect(
      discolored(grains.map((grain, i) => colored(grain, 80 - (i % 20), grain.color.a, 12 + (i % 7)))),
    ).to.deep.equal([]);
  });
});
