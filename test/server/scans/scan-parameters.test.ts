import {expect} from 'chai';
import type {RiceError} from '../../../src/common/errors.ts';
import {inParameters, parseScanParameters} from '../../../src/server/scans/scan-parameters.ts';

const LABELS = ['Basmati', 'Jasmine'];
const parse = (given: Record<string, string>) => parseScanParameters(Object.entries(given), LABELS);

describe('the parameters of a scan', () => {
  const RIGHT: [given: Record<string, string>, options: object][] = [
    [{}, {}],
    [{pxPerMm: '11.8'}, {scale: {from: 'px-per-mm', pxPerMm: 11.8}}],
    [{dpi: '600'}, {scale: {from: 'dpi', dpi: 600}}],
    [{reference: 'coin:23.25'}, {scale: {from: 'coin', diameter: 23.25}}],
    [{reference: 'coin:23.25', referenceAt: '1020,380.5'}, {scale: {from: 'coin', diameter: 23.25, at: [1020, 380.5]}}],
    [{reference: 'card', referenceAt: '0,0'}, {scale: {from: 'card', at: [0, 0]}}],
    [{reference: 'a4'}, {scale: {from: 'a4'}}],
    [{reference: 'letter'}, {scale: {from: 'letter'}}],
    [{reference: 'target'}, {scale: {from: 'target'}}],
    [{reference: 'target:97'}, {scale: {from: 'target', bar: 97}}],
    [{broken: '2/3'}, {brokenBelow: 2 / 3}],
    [{trust: 'same-camera'}, {trust: 'same-camera'}],
    [
      {broken: '1/2', expect: 'Basmati'},
      {brokenBelow: 0.5, expect: 'Basmati'},
    ],
  ];
  for (const [given, options] of RIGHT)
    it(`are read: ${JSON.stringify(given)}`, () => {
      expect(parse(given)).to.deep.equal(options);
    });

  const WRONG: [given: Record<string, string>, message: RegExp][] = [
    [{pxpermm: '11'}, /there is no parameter "pxpermm"/],
    [{constructor: '1'}, /there is no parameter "constructor"/],
    [{pxPerMm: '0'}, /pxPerMm: expected a number from 0.1 to 1000, got "0"/],
    [{pxPerMm: '1e3'}, /pxPerMm: expected a number/],
    [{pxPerMm: ''}, /pxPerMm: expected a number/],
    [{dpi: '-600'}, /dpi: expected a number from 10 to 25400, got "-600"/],
    [{dpi: '600', reference: 'card'}, /dpi and reference both tell the scale/],
    [{reference: 'coin'}, /reference: expected coin:DIAMETER, card, a4, letter or target, got "coin"/],
    [{reference: 'target:9'}, /reference: expected coin:DIAMETER/],
    [{reference: 'card:9'}, /reference: expected coin:DIAMETER/],
    [{reference: 'coin:4.9'}, /reference: expected coin:DIAMETER/],
    [{reference: 'coin:201'}, /reference: expected coin:DIAMETER/],
    [{reference: 'coin:23,25'}, /reference: expected coin:DIAMETER/],
    [{reference: 'a5'}, /reference: expected/],
    [{referenceAt: '1,2'}, /referenceAt says where the reference is, and there is none/],
    [{reference: 'target', referenceAt: '1,2'}, /there is none/],
    [{reference: 'card', referenceAt: '1;2'}, /referenceAt: expected x,y in pixels, got "1;2"/],
    [{reference: 'card', referenceAt: '1,2,3'}, /referenceAt: expected x,y/],
    [{trust: 'x'}, /trust: expected one of any-camera, same-camera, got "x"/],
    [{broken: '4/3'}, /broken: expected one of 3\/4, 2\/3, 1\/2, got "4\/3"/],
    [{broken: '0.75'}, /broken: expected one of/],
    [{broken: 'toString'}, /broken: expected one of/],
    [{expect: 'Sella'}, /expect: "Sella" is none of the model's varieties/],
  ];
  for (const [given, message] of WRONG)
    it(`are refused: ${JSON.stringify(given)}`, () => {
      try {
        parse(given);
        expect.fail('they were read');
      } catch (error) {
        expect((error as RiceError).code).to.equal('REQUEST_INVALID');
        expect((error as RiceError).message).to.match(message);
        expect((error as RiceError).suggestions[0]).to.match(/^[A-Z].*\.$/);
      }
    });

  it('are refused if one is there twice', () => {
    expect(() =>
      parseScanParameters(
        [
          ['dpi', '600'],
          ['dpi', '300'],
        ],
        LABELS,
      ),
    ).to.throw('dpi is there twice');
  });

  it('stand where a text for the command line names flags', () => {
    const TEXTS: [said: string, here: string][] = [
      ['Or say the scale with --px-per-mm or --dpi.', 'Or say the scale with pxPerMm or dpi.'],
      ['Take that with --reference-at 1020,380, if it is.', 'Take that with referenceAt=1020,380, if it is.'],
      ['use --reference target', 'use reference=target'],
      ['such as 97: --reference target:97', 'such as 97: reference=target:97'],
      ['or leave out --corrections.', 'or leave out corrections.'],
      ['Raise it with --max-pixels.', 'Raise it with --max-pixels.'],
    ];
    for (const [said, here] of TEXTS) expect(inParameters(said)).to.equal(here);
  });
});
