import {expect} from 'chai';
import {CORE_SCHEMA, YAML11_SCHEMA} from 'js-yaml';
import {dvcFileText, hasOutput} from '../../../src/fetching/versioning/dvc-file.ts';
import {parseYaml} from '../../helpers/yaml.ts';

describe('a .dvc file', () => {
  const output = {
    digest: '1071310886d0097d67cf8a5095c83c30.dir',
    bytes: 267349373,
    files: 75000,
    name: 'Rice_Image_Dataset',
  };

  it('is written like DVC writes it', () => {
    // The file of the published dataset.
    expect(dvcFileText(output)).to.equal(
      'outs:\n- md5: 1071310886d0097d67cf8a5095c83c30.dir\n  size: 267349373\n  nfiles: 75000\n  hash: md5\n' +
        '  path: Rice_Image_Dataset\n',
    );
  });

  it('preserves any folder name in YAML 1.1 and 1.2', () => {
    const names = [
      'Rice',
      'rice data',
      'Rice (1)',
      '_x',
      '米',
      'Karacadağ',
      'a-b',
      'a.b',
      'x y.',
      'İ',
      '123',
      '1e3',
      '0x1f',
      '1_000',
      '12:30',
      '2024-01-01',
      '.5',
      '.inf',
      'true',
      'No',
      'y',
      'null',
      '~',
      'NaN',
      '-',
      '- a',
      'a: b',
      'a:',
      ': a',
      'a #b',
      '#a',
      'a ',
      ' a',
      "it's",
      '"q"',
      "'",
      '!x',
      '&x',
      '*x',
      '%x',
      '@x',
      '`x',
      '[a]',
      '{a}',
      'a,b',
      '?',
      '? a',
      '|',
      '>',
      '\\',
      'a\\b',
      '=',
      '<<',
      '---',
      '...',
      'a\tb',
      'a\nb',
      '\u0085',
      '\u2028',
      '\ufeffx',
      'x\u007f',
      '😀 rice',
      'a\u00a0b',
      '\ud800',
      'x'.repeat(200),
      `${'long name '.repeat(20)}end`,
    ];
    for (const name of names)
      for (const schema of [YAML11_SCHEMA, CORE_SCHEMA]) {
        const document = parseYaml(dvcFileText({...output, name}), {schema});
        expect(document.outs[0].path, JSON.stringify(name)).to.equal(name);
        expect(document.outs[0]).to.deep.include({
          md5: output.digest,
          size: output.bytes,
          nfiles: output.files,
          hash: 'md5',
        });
      }
  });

  it('has an output even with more lines, but not with another digest, name or a second folder', () => {
    const text = dvcFileText(output);
    expect(hasOutput(text, output)).to.equal(true);
    expect(hasOutput(`${text}  desc: our rice\n  remote: store\nmeta:\n  owner: me\n`, output)).to.equal(true);
    expect(hasOutput(text, {...output, digest: `${'0'.repeat(32)}.dir`})).to.equal(false);
    expect(hasOutput(text, {...output, name: 'Rice'})).to.equal(false);
    expect(hasOutput(text + dvcFileText({...output, name: 'Other'}).replace('outs:\n', ''), output)).to.equal(false);
    expect(hasOutput('', output)).to.equal(false);
  });
});
