import {join} from 'node:path';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {readLabelsFile} from '../../src/dataset/labels-file.ts';
import {scanDataset} from '../../src/dataset/scan.ts';
import {useTemporaryFolder, writeTree} from './fixtures.ts';

describe('a list of labels', () => {
  const folder = useTemporaryFolder();
  const list = () => join(folder(), 'labels.csv');
  const read = (text: string) => {
    writeTree(folder(), {'labels.csv': text});
    return readLabelsFile(list(), folder());
  };

  it('may be separated by commas, semicolons or tabs, with quotes, in any order of columns', () => {
    const expected = [
      {path: 'a.jpg', label: 'Sella, long', part: 'train'},
      {path: 'in/b.jpg', label: 'İpsala', part: undefined},
    ];
    for (const text of [
      'path,label,split\na.jpg,"Sella, long",train\nin/b.jpg,İpsala,\n',
      'Split;Class;Filename\r\nTraining;"Sella, long";a.jpg\r\n;İpsala;in\\b.jpg\r\n',
      '\uFEFFimage\tvariety\tset\na.jpg\tSella, long\tTRAIN\n./in/../in/b.jpg\t İpsala \t \n\n',
    ])
      expect(
        read(text).map(({line: _, ...picture}) => picture),
        text,
      ).to.deep.equal(expected);
  });

  it('is read as rice predict writes one: without the apostrophe that keeps a spreadsheet from computing', () => {
    const pictures = read(`path,label\n'=1+1.jpg,'-A\n"''@b.jpg",B\n'plain'.jpg,'C'\n`);
    expect(pictures.map(({path, label}) => [path, label])).to.deep.equal([
      ['=1+1.jpg', '-A'],
      ["'@b.jpg", 'B'],
      ["'plain'.jpg", "'C'"],
    ]);
  });

  for (const [what, text, message] of [
    ['is empty', '', 'names no column of paths'],
    ['has no header', 'a.jpg,Basmati\n', 'names no column of paths (path, file, filename); it names a.jpg, basmati'],
    ['has no labels', 'path,size\na.jpg,3\n', 'names no column of labels'],
    ['lists nothing', 'path,label\n', 'it lists no picture'],
    ['has an empty label', 'path,label\na.jpg,A\nb.jpg,\n', 'line 3: b.jpg has no label'],
    ['has an empty path', 'path,label\n,A\n', 'line 2 has no path'],
    ['lists a picture twice', 'path,label\na.jpg,A\n./a.jpg,B\n', 'line 3: a.jpg stands in line 2 already'],
    ['leads out of the folder', 'path,label\n../a.jpg,A\n', 'line 2: ../a.jpg does not lie in'],
    ['names an unknown part', 'path,label,split\na.jpg,A,holdout\n', 'line 2: "holdout" is no part of a split'],
    ['has a row that is too short', 'path,label\na.jpg,A\nb.jpg\n', 'line 3'],
    ['has an open quote', 'path,label\n"a.jpg,A\n', 'uot'],
  ] as const)
    it(`is refused where it ${what}`, () => {
      expect(() => read(text))
        .to.throw(RiceError, message)
        .with.property('code', 'LABELS_INVALID');
    });

  it('makes a dataset of the pictures that it lists, and of no others', () => {
    writeTree(folder(), {
      'labels.csv': 'path,label,split\nx/2.jpg,B,test\n1.jpg,A,train\n3.jpg,B,train\n',
      ...{'1.jpg': '', 'x/2.jpg': '', '3.jpg': '', 'not-listed.jpg': ''},
    });
    const {labels, files, labelsFrom} = scanDataset(folder(), {labelsFrom: list()});
    expect(labels).to.deep.equal(['A', 'B']);
    expect(files.map(({path, label, part}) => [path, label, part])).to.deep.equal([
      ['1.jpg', 0, 'train'],
      ['3.jpg', 1, 'train'],
      ['x/2.jpg', 1, 'test'],
    ]);
    expect(labelsFrom).to.equal(list());
  });

  it('is refused where a path cannot be that of a file', () => {
    for (const path of ['a\0b.jpg', `${'a'.repeat(300)}.jpg`, '1.jpg/2.jpg', 'folder']) {
      writeTree(folder(), {'labels.csv': `path,label\n1.jpg,A\n${path},B\n`, '1.jpg': '', 'folder/x.jpg': ''});
      expect(() => scanDataset(folder(), {labelsFrom: list()}), path)
        .to.throw(RiceError, '(line 3)')
        .with.property('code', 'LABELS_INVALID');
    }
  });

  it('is refused where two columns have one name, of which either could be meant', () => {
    writeTree(folder(), {'labels.csv': 'path,label, Label\n1.jpg,A,B\n', '1.jpg': ''});
    expect(() => scanDataset(folder(), {labelsFrom: list()}))
      .to.throw(RiceError, 'its first line names the column label twice')
      .with.property('code', 'LABELS_INVALID');
  });

  it('is refused where pictures are missing, which it names', () => {
    writeTree(folder(), {'labels.csv': 'path,label\n1.jpg,A\n2.jpg,B\n3.jpg,B\n4.jpg,B\n5.jpg,B\n', '1.jpg': ''});
    expect(() => scanDataset(folder(), {labelsFrom: list()})).to.throw(
      '2.jpg (line 3), 3.jpg (line 4), 4.jpg (line 5) and 1 more',
    );
  });
});
