import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {readCorrections} from '../../../src/dataset/corrections/read-corrections.ts';
import {scanDataset} from '../../../src/dataset/scan.ts';
import {useTemporaryFolder, writeTree} from '../fixtures.ts';

describe('corrections of labels', () => {
  const folder = useTemporaryFolder();
  const file = () => join(folder(), 'corrections.csv');
  const write = (text: string) => writeTree(folder(), {'corrections.csv': text});
  const read = (text: string) => {
    write(text);
    return readCorrections(file()).corrections;
  };
  const scan = (text: string) => {
    write(text);
    const tree = ['A/1.jpg', 'A/2.jpg', 'A/3.jpg', 'A/=4.jpg', 'B/1.jpg', 'B/2.jpg'];
    writeTree(join(folder(), 'set'), Object.fromEntries(tree.map((path) => [path, path])));
    return scanDataset(join(folder(), 'set'), {corrections: file()});
  };
  const labelsOf = ({files, labels}: ReturnType<typeof scan>) =>
    Object.fromEntries(files.map(({path, label}) => [path, labels[label]]));

  it('are read whatever separates them, with an apostrophe before what a spreadsheet would compute', () => {
    for (const text of [
      `path,label,action,given\n'=A/1.jpg,B,relabel,A\nA/2.jpg,,exclude,\n"A/x, y.jpg",,keep,A\n`,
      `\uFEFFAction;Given;Path;Label\r\nRELABEL;A;'=A/1.jpg;B\r\nexclude;;.\\A\\2.jpg;\r\nkeep;A;A/x, y.jpg;\r\n`,
    ])
      expect(
        read(text).map(({line: _, ...each}) => each),
        text,
      ).to.deep.equal([
        {path: '=A/1.jpg', action: 'relabel', label: 'B', given: 'A'},
        {path: 'A/2.jpg', action: 'exclude'},
        {path: 'A/x, y.jpg', action: 'keep', given: 'A'},
      ]);
  });

  for (const [what, text, message] of [
    ['is empty', '', 'names no column path and label and action; it names nothing'],
    ['has no action', 'path,label\na,B\n', 'names no column action; it names path, label'],
    ['has an unknown action', 'path,label,action\na,B,delete\n', '"delete" is no action: relabel, exclude or keep'],
    ['has no path', 'path,label,action\n,B,relabel\n', 'line 2 has no path'],
    ['has no new label', 'path,label,action\na,,relabel\n', 'line 2: a has no label to get'],
    ['names a picture twice', 'path,label,action\na,,keep\n./a,,exclude\n', 'line 3: a stands in line 2 already'],
    ['has a row that is too short', 'path,label,action\na,B\n', 'line 2'],
  ] as const)
    it(`are refused where the file ${what}`, () => {
      expect(() => read(text))
        .to.throw(RiceError, message)
        .with.property('code', 'CORRECTIONS_INVALID');
    });

  it('give pictures other labels and leave others out, and are told of', () => {
    const dataset = scan('path,label,action,given\nA/1.jpg,B,relabel,A\nA/2.jpg,,exclude,A\nB/1.jpg,,keep,B\n');
    expect(labelsOf(dataset)).to.deep.equal({
      'A/1.jpg': 'B',
      'A/3.jpg': 'A',
      'A/=4.jpg': 'A',
      'B/1.jpg': 'B',
      'B/2.jpg': 'B',
    });
    expect(dataset.files.map(({label}) => label)).to.deep.equal([0, 0, 1, 1, 1]);
    expect(dataset.notes).to.deep.equal([]);
    const sha256 = createHash('sha256').update(readFileSync(file())).digest('hex');
    expect(dataset.corrections).to.deep.equal({
      file: file(),
      sha256,
      relabeled: 1,
      excluded: 1,
      kept: ['B/1.jpg'],
    });
  });

  it('name what is not there, and what has another label meanwhile', () => {
    const dataset = scan(
      'path,label,action,given\nA/1.jpg,B,relabel,A\nA/9.jpg,B,relabel,A\nB/2.jpg,,exclude,A\nB/1.jpg,B,relabel,A\n',
    );
    expect(dataset.notes).to.deep.equal([
      `${file()} names what is not there: A/9.jpg`,
      'not corrected, since they have another label than when they were looked at: B/2.jpg',
    ]);
    expect(labelsOf(dataset)).to.include({'A/1.jpg': 'B', 'B/2.jpg': 'B', 'B/1.jpg': 'B'});
  });

  it('are refused where they fit nothing, name an unknown label, or leave a label without pictures', () => {
    for (const [text, message] of [
      ['C/1.jpg,,exclude\nC/2.jpg,,keep\n', 'corrects nothing in'],
      ['A/1.jpg,Bb,relabel\n', 'line 2: "Bb" is no label of the pictures; they are A, B'],
      ['B/1.jpg,A,relabel\nB/2.jpg,,exclude\n', 'it leaves no picture of B'],
    ])
      expect(() => scan(`path,label,action\n${text}`))
        .to.throw(RiceError, message)
        .with.property('code', 'CORRECTIONS_INVALID');
  });

  it('may be none', () => {
    expect(scan('path,label,action\n').files).to.have.length(6);
  });
});
