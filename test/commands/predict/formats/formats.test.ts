import {expect} from 'chai';
import {Chalk} from 'chalk';
import {printable} from '../../../../src/cli/printable.ts';
import type {AnswerFormat, Closing} from '../../../../src/commands/predict/formats/answer-format.ts';
import {csvFormat} from '../../../../src/commands/predict/formats/csv-format.ts';
import {jsonFormat} from '../../../../src/commands/predict/formats/json-format.ts';
import {ndjsonFormat} from '../../../../src/commands/predict/formats/ndjson-format.ts';
import {tableFormat} from '../../../../src/commands/predict/formats/table-format.ts';
import {RiceError} from '../../../../src/common/errors.ts';
import {restoreCell} from '../../../../src/common/spreadsheet-cell.ts';
import type {Entry} from '../../../../src/prediction/entry.ts';
import {parseAs} from '../../../cli/schema.ts';
import {closing, failure, HOSTILE_NAMES, MODEL, prediction, UNKNOWN} from './entries.ts';

/** The whole output of a format for batches of entries. */
function write(format: AnswerFormat, batches: Entry[][], end: Closing): string {
  return format.start(MODEL, []) + batches.map((batch) => format.entries(batch)).join('') + format.end(end);
}

const hostile = HOSTILE_NAMES.flatMap((name) => [prediction(name, name === '"' ? UNKNOWN : {}), failure(name)]);
const GRAIN = {area: 1, length: 2, width: 3, angle: -4, objects: 1, x: 0, y: 6};

describe('the JSON document', () => {
  const batches: [string, Entry[][]][] = [
    ['nothing', []],
    ['nothing in a batch', [[]]],
    ['one prediction', [[prediction('a')]]],
    ['one error', [[failure('a')]]],
    ['an error first', [[failure('a')], [prediction('b'), failure('c')], [prediction('d', {grain: GRAIN})]]],
    ['hostile names', [hostile.slice(0, 3), [], hostile.slice(3)]],
  ];
  for (const [name, entries] of batches)
    it(`is complete and matches its schema: ${name}`, () => {
      const text = write(jsonFormat(), entries, closing(entries.length, 0));
      const document = parseAs<{predictions: Entry[]; errors: Entry[]}>('predict', text);
      const all = entries.flat();
      expect(document.predictions).to.deep.equal(all.filter((entry) => 'label' in entry));
      expect(document.errors).to.deep.equal(all.filter((entry) => !('label' in entry)));
      expect(text.endsWith('}\n')).to.equal(true);
    });

  it('contains the shard, the interruption and the error', () => {
    const error = new RiceError('INTERNAL', 'out of rice');
    const end = closing(1, 0, {
      shard: {index: 2, count: 3, from: 'X'} as never,
      interrupted: true,
      warnings: ['a "b"'],
      error,
    });
    const entries = [[prediction('a', {...UNKNOWN, sortedTo: 'x/a', warnings: ['w']})]];
    const document = parseAs<object>('predict', write(jsonFormat(), entries, end));
    expect(document).to.deep.include({shard: {index: 2, count: 3}, interrupted: true, warnings: ['a "b"']});
    expect(document).to.have.property('error').that.deep.equals(error.toJSON());
    const usual = JSON.parse(write(jsonFormat(), [], closing(0, 0)));
    expect(usual).to.have.all.keys('model', 'predictions', 'errors', 'trust', 'summary', 'warnings');
  });
});

describe('lines of JSON', () => {
  it('have one entry each, in order', () => {
    const text = write(ndjsonFormat(), [hostile.slice(0, 5), hostile.slice(5)], closing(1, 1));
    expect(text.endsWith('\n')).to.equal(true);
    const lines = text.slice(0, -1).split('\n');
    expect(lines.map((line) => parseAs('predict-line', line))).to.deep.equal(hostile);
  });

  it('are empty without entries, and end with the error', () => {
    expect(write(ndjsonFormat(), [], closing(0, 0))).to.equal('');
    const error = new RiceError('INTERNAL', 'out of rice');
    const [, last] = write(ndjsonFormat(), [[prediction('a', {grain: GRAIN})]], closing(1, 0, {error})).split('\n');
    expect(parseAs('predict-line', last)).to.deep.equal({error: error.toJSON()});
  });
});

describe('comma-separated values', () => {
  const HEAD = ['path', 'label', 'nearest', 'confidence', 'known', 'reason', 'error', 'message', 'sortedTo'];

  const MEASURED = ['length', 'width', 'area', 'angle'];

  it('end with what was measured of the grain', () => {
    const entries = [prediction('a', {grain: GRAIN, novelty: 0.5})];
    const format = csvFormat();
    const rows = readCsv(format.start(MODEL, ['novelty']) + format.entries(entries));
    expect(rows[0].slice(-5)).to.deep.equal(['novelty', ...MEASURED]);
    expect(rows[1].slice(-5)).to.deep.equal(['0.5', '2', '3', '1', '-4']);
  });

  it('can be parsed back', () => {
    const rows = readCsv(write(csvFormat(), [hostile, [prediction('last', {sortedTo: 'a,b'})]], closing(1, 1)));
    expect(rows[0]).to.deep.equal([...HEAD, ...MODEL.labels, ...MEASURED]);
    const paths = rows.slice(1).map(([path]) => restoreCell(path));
    expect(paths).to.deep.equal([...hostile.map(({path}) => printable(path)), 'last']);
    expect(rows[1]).to.deep.equal([
      'a,b.jpg',
      'Red',
      'Red',
      '0.75',
      'true',
      '',
      '',
      '',
      '',
      '0.75',
      '0.25',
      '',
      '',
      '',
      '',
    ]);
    expect(rows[2]).to.deep.equal([
      'a,b.jpg',
      '',
      '',
      '',
      '',
      '',
      'PATH_NOT_READABLE',
      'cannot read a,b.jpg',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
    ]);
    const unknown = rows.find(([path, label]) => path === '"' && label !== '')!;
    expect(unknown.slice(1, 6)).to.deep.equal(['other', 'Red', '0.75', 'false', 'no grain']);
    expect(rows.at(-1)![8]).to.equal('a,b');
    for (const row of rows) expect(row).to.have.length(HEAD.length + 2 + MEASURED.length);
  });

  it('hold no formula and no control character, in whatever comes from others', () => {
    const names = ['=cmd|x', '+1', '-1', '@SUM(1)', '\t=1', '＝1', "'=1", 'a;=1', '\u001b]0;x\u0007'];
    const model = {...MODEL, labels: names};
    const probabilities = Object.fromEntries(names.map((name) => [name, 0.1]));
    const more = (name: string) => ({probabilities, label: name, nearest: name, sortedTo: name});
    const format = csvFormat();
    const text =
      format.start(model, ['novelty']) +
      format.entries(names.flatMap((name) => [prediction(name, {...more(name), novelty: -1.5}), failure(name, name)]));
    expect(text.replaceAll('\n', '')).not.to.match(/\p{Cc}/u);
    const rows = readCsv(text);
    for (const cell of rows.flat().filter((cell) => cell !== '-1.5')) expect(cell).not.to.match(/^[=+\-@＝]/);
    expect(rows.slice(1).map(([path]) => restoreCell(path))).to.deep.equal(
      names.flatMap((name) => [printable(name), printable(name)]),
    );
    expect(text, 'a semicolon begins no cell').to.contain('"a;=1"');
    expect(rows[1]).to.include('-1.5');
  });

  it('have a header even without entries', () => {
    expect(readCsv(write(csvFormat(), [], closing(0, 0)))).to.have.length(1);
  });
});

describe('the table', () => {
  const plain = {style: new Chalk({level: 0}), utf8: false, topK: 1, quiet: false, columns: Number.POSITIVE_INFINITY};

  it('has one line per picture, for any name, and no errors', () => {
    const text = write(tableFormat({...plain, quiet: true}), [hostile], closing(1, 1));
    expect(text.split('\n')).to.have.length(HOSTILE_NAMES.length + 1);
    expect(text.replaceAll('\n', '')).not.to.match(/[\p{Cc}\p{Zl}\u202A-\u202E]/u);
    expect(text)
      .to.match(/^two\\nlines\.jpg +75\.0% #+\.* +Red$/m)
      .and.not.to.contain('cannot read');
  });

  it('ends with a summary if there are several pictures', () => {
    expect(write(tableFormat(plain), [[prediction('a')]], closing(1, 0)).split('\n')).to.have.length(2);
    expect(write(tableFormat(plain), [[prediction('a')]], closing(2, 1))).to.match(
      /\n\n2 pictures in 2\.0 s \(1\.0 a second\), 1 file unreadable: Red 2\n$/,
    );
    expect(write(tableFormat(plain), [], closing(0, 0))).to.equal('');
    expect(write(tableFormat(plain), [], closing(0, 0, {interrupted: true}))).to.match(
      /^\n0 pictures .*, then stopped\n$/,
    );
  });

  it('ends with a table of counts if there are many pictures', () => {
    const summary = {...closing(30, 0).summary, labels: {Red: 10, Blue: 19}, unknown: 1};
    const text = tableFormat(plain).end({...closing(30, 0), summary});
    expect(text).to.match(
      /\nvariety +pictures +share *\nBlue +19 +63\.3% +#{13}\.{7}\nRed +10 +33\.3% +#{7}\.{13}\nunknown +1 +3\.3% +#\.{19}\n/,
    );
    expect(text).to.match(/\n30 pictures in .* a second\)\n$/);
  });
});

/** A strict RFC 4180 parser, except that lines end with LF alone. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let value = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (at >= text.length) throw new Error('a quote that is not closed');
        if (text[at] === '"') at++;
        value += text[at];
      }
      at++;
    } else
      for (; ![',', '\n', undefined].includes(text[at]); at++) {
        if (text[at] === '"' || text[at] === '\r') throw new Error('a quote or a return where none may be');
        value += text[at];
      }
    row.push(value);
    if (text[at] === '\n') {
      rows.push(row);
      row = [];
    } else if (text[at] !== ',') throw new Error(`expected a comma or the end of the line at ${at}`);
    at++;
  }
  if (row.length > 0) throw new Error('the last line does not end');
  return rows;
}
