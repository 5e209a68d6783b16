import {expect} from 'chai';
import {applyCorrections, checkDigest, correctedName} from '../../../src/scanning/correcting/apply-corrections.ts';
import {parseCorrections} from '../../../src/scanning/correcting/parse-corrections.ts';
import type {Correction} from '../../../src/scanning/corrections.ts';
import {drawnScan} from '../../helpers/scanned.ts';

const {picture} = drawnScan(2, {columns: 4, rows: 3});
const sha256 = 'ab'.repeat(32);

describe('corrections', () => {
  const apply = (...corrections: Correction[]) => applyCorrections(picture.grains, {sha256, corrections}, picture);
  const place = (i: number) => [picture.grains[i].x, picture.grains[i].y] as const;

  it('number the grains anew, in reading order', () => {
    const {grains, missed} = apply({at: place(5), do: 'remove'});
    expect(missed).to.deep.equal([]);
    expect(grains.map(({id}) => id)).to.deep.equal(Array.from({length: 11}, (_, i) => i + 1));
    expect(grains.find(({x, y}) => x === place(5)[0] && y === place(5)[1])).to.equal(undefined);
  });

  it('hold in the order in which they were made', () => {
    const {grains} = apply(
      {at: place(0), do: 'join', with: place(1)},
      {at: place(1), do: 'label', label: 'Sella'},
      {at: place(0), do: 'label', label: 'Camargue'},
    );
    expect(grains).to.have.length(11);
    expect(grains.filter(({named}) => named !== undefined).map(({named}) => named)).to.deep.equal(['Camargue']);
    expect(grains[0]).to.include({corrected: true});
  });

  it('measure what they make', () => {
    const {x, y, angle, length} = picture.grains[2];
    const [dx, dy] = [-40 * Math.sin((angle * Math.PI) / 180), 40 * Math.cos((angle * Math.PI) / 180)];
    const {grains} = apply({at: [x, y], do: 'split', from: [x - dx, y - dy], to: [x + dx, y + dy]});
    const halves = grains.filter((grain) => grain.corrected);
    expect(halves).to.have.length(2);
    for (const half of halves) {
      expect(half.length).to.be.closeTo(length / 2, 1);
      expect(half).to.include({touching: true, border: false});
      expect(half.color).to.deep.equal(picture.grains[2].color);
    }
  });

  it('that cannot be applied are told, and leave the rest as it is', () => {
    const {grains, missed} = apply(
      {at: [1, 1], do: 'remove'},
      {at: place(0), do: 'split', from: [0, 0], to: [1, 0]},
      {at: place(0), do: 'join', with: [1, 1]},
    );
    expect(grains.map(({x, y}) => [x, y])).to.deep.equal(picture.grains.map(({x, y}) => [x, y]));
    expect(missed.map((text) => text.replace(/^.*: /, ''))).to.deep.equal([
      'no grain is there.',
      'the line does not go through the grain.',
      'no other grain is at 1,1.',
    ]);
  });

  it('name a grain for good', () => {
    const [grain] = picture.grains.filter(({known}) => !known);
    const name = correctedName(grain, 'Arborio');
    expect(name).to.include({label: 'Arborio', known: true, confidence: 1});
    expect(name).not.to.have.property('reason');
    expect(Object.values(name.probabilities).reduce((sum, share) => sum + share, 0)).to.equal(1);
    expect(correctedName(grain, undefined)).to.equal(grain);
  });

  it('are for one picture', () => {
    expect(() => checkDigest({sha256, corrections: []}, 'cd'.repeat(32)))
      .to.throw('abababababab')
      .with.property('code', 'CORRECTIONS_MISMATCH');
    checkDigest({sha256: sha256.toUpperCase(), corrections: []}, sha256);
  });
});

describe('a file of corrections', () => {
  const parse = (content: unknown) => parseCorrections(JSON.stringify(content), 'mine.json');
  const one = (correction: unknown) => parse({sha256, corrections: [correction]});

  it('holds those of one picture, or of several, and may hold more', () => {
    const corrections = [
      {at: [1, 2.5], do: 'label', label: 'Sella'},
      {at: [1, 2], do: 'remove'},
      {at: [1, 2], do: 'split', from: [0, 0], to: [3, 3]},
      {at: [1, 2], do: 'join', with: [9, 9]},
    ];
    const document = {sha256, corrections};
    expect(parse({...document, path: 'a.jpg'})).to.deep.equal([document]);
    expect(parse([document, document])).to.deep.equal([document, document]);
  });

  const mistakes: [unknown, RegExp][] = [
    [null, /^mine\.json: it is not an object/],
    [{corrections: []}, /sha256 must be/],
    [{sha256: 'abc', corrections: []}, /sha256 must be/],
    [{sha256, corrections: {}}, /corrections must be a list/],
    [[{sha256, corrections: [7]}], /\[0\]\.corrections\[0\] is not an object/],
  ];
  for (const [content, message] of mistakes)
    it(`says what is wrong with ${JSON.stringify(content)}`, () => {
      expect(() => parse(content))
        .to.throw(message)
        .with.property('code', 'CORRECTIONS_INVALID');
    });

  const wrong: [unknown, RegExp][] = [
    [{at: [1, 2], do: 'burn'}, /corrections\[0\]\.do must be label, remove, split or join, not "burn"/],
    [{do: 'remove'}, /corrections\[0\]\.at must be a point/],
    [{at: [1, '2'], do: 'remove'}, /\.at must be a point/],
    [{at: [1, 2, 3], do: 'remove'}, /\.at must be a point/],
    [{at: [1, 1e9], do: 'remove'}, /\.at must be a point/],
    [{at: [1, 2], do: 'split', from: [1, 2]}, /\.to must be a point/],
    [{at: [1, 2], do: 'join'}, /\.with must be a point/],
    [{at: [1, 2], do: 'label', label: ' '}, /\.label must be the name/],
  ];
  for (const [correction, message] of wrong)
    it(`says what is wrong with ${JSON.stringify(correction)}`, () => {
      expect(() => one(correction))
        .to.throw(message)
        .with.property('code', 'CORRECTIONS_INVALID');
    });
});
