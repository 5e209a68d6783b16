import {expect} from 'chai';
import {load} from 'js-yaml';
import {toYaml} from '../../src/common/yaml.ts';

describe('YAML', () => {
  for (const value of [
    {a: {b: [1, 'x', {c: null, d: [true]}, [2, 3]], on: 'yes', y: 1, '1': 2, 'with space': ''}, e: {}, f: []},
    {
      text: 'a: b # c\n"d"\t\u2028\u2029\u0085\u007f\u009b\ufeff\uffff\ud83c\udf3e',
      number: '007',
      tiny: 1e-7,
      large: 1e21,
      negative: -1.5e-9,
      infinite: -Infinity,
    },
    'text',
    [],
  ])
    it(`gives back ${JSON.stringify(value).slice(0, 40)}`, () => expect(load(toYaml(value))).to.deep.equal(value));

  it('escapes what version 1.1 takes for the end of a line, or does not allow in a text', () => {
    expect(toYaml(['\u0085\u2028\u2029\u007f\ufeff\ud800'])).to.equal(
      '- "\\u0085\\u2028\\u2029\\u007f\\ufeff\\ud800"\n',
    );
    expect(toYaml({'\u2028': 1})).to.equal('"\\u2028": 1\n');
  });

  it('writes exponents with a point, without which version 1.1 reads text', () => {
    expect(toYaml({a: 1e-7, b: 1.5e-7})).to.equal('a: 1.0e-7\nb: 1.5e-7\n');
  });
});
