import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {expect} from 'chai';
import {rice} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {drawFrame, encodePng} from '../../helpers/images.ts';
import {description, meansModel, writeModel} from '../../model/external/models.ts';
import {type Document, linesOf, predictProject, summaryOf} from './project.ts';

describe('rice predict writes', () => {
  const {at, write, run, json} = predictProject();
  before(() => {
    write({'photos/a.jpg': 'Red', 'photos/b.jpg': 'Grey', 'photos/c.jpg': Buffer.from('no picture')});
    write({'photos/d, "e".jpg': 'Blue'});
  });

  it('one JSON document, by --json and by --format json', async () => {
    for (const args of [['--json'], ['--format', 'json'], ['--format', 'csv', '--json'], ['--json', '--quiet']]) {
      const {code, stdout, stderr} = await run(['photos', ...args]);
      expect([code, stderr]).to.deep.equal([1, '']);
      const {predictions, errors} = parseAs<Document>('predict', stdout);
      expect([predictions.length, errors.length]).to.deep.equal([3, 1]);
    }
    const {code, stdout, stderr} = await run(['gone', '--format', 'json']);
    expect([code, stderr]).to.deep.equal([2, '']);
    parseAs('error', stdout);
  });

  it('one JSON object per line, errors in their places, and nothing else', async () => {
    const {code, stdout, stderr} = await run(['photos', '--format', 'ndjson', '--unknown-as', 'none']);
    expect([code, stderr]).to.deep.equal([1, '']);
    expect(linesOf(stdout)).to.deep.equal([
      'photos/a.jpg: Red',
      'photos/b.jpg: unknown',
      'photos/c.jpg: IMAGE_UNSUPPORTED',
      'photos/d, "e".jpg: Blue',
    ]);
    expect(JSON.parse(stdout.split('\n')[1])).to.include({label: 'none', nearest: 'Red', known: false});
  });

  it('comma-separated values', async () => {
    const {stdout, stderr} = await run(['photos', '--format', 'csv']);
    const lines = stdout.split('\n');
    expect(lines[0]).to.equal(
      'path,label,nearest,confidence,known,reason,error,message,sortedTo,Blue,Red,length,width,area,angle',
    );
    expect(lines[1]).to.match(/^photos\/a\.jpg,Red,Red,1,true,,,,,0,1(,\d+(\.\d+)?){4}$/);
    expect(lines[4]).to.match(/^"photos\/d, ""e""\.jpg",Blue,/);
    expect([lines.length, stderr]).to.deep.equal([6, '']);
  });

  it('a table, with errors on stderr', async () => {
    const {stdout, stderr} = await run(['photos']);
    expect(stdout).to.match(/^photos\/b\.jpg +\S+ +unknown, nearest Red \(low confidence\)$/m);
    expect(stdout).to.match(/^3 pictures in .*, 1 file unreadable: Red 1, Blue 1, unknown 1$/m);
    expect(stderr).to.match(/^Error IMAGE_UNSUPPORTED: photos\/c\.jpg: .*\nTry: .*\n$/);
    const sure = await run(['photos/b.jpg', '--min-confidence', '0', '--top-k', '5']);
    expect(sure.stdout).to.match(/ Red, then Blue \S+\n$/);
    const other = await run(['photos/a.jpg', 'photos/b.jpg', '--unknown-as', 'else', '--quiet']);
    expect(other.stdout).to.match(/ else, nearest Red \(low confidence\)\n$/);
  });

  it('an error for a confidence outside 0 to 1', async () => {
    for (const value of ['-0.1', '1.1', 'x', '', 'NaN'])
      expect((await run(['photos', `--min-confidence=${value}`])).code, value).to.equal(2);
    const {predictions} = await json(['photos', '--min-confidence', '1']);
    expect(predictions.map(({known}) => known)).to.include(false);
  });

  it('each format to a complete file', async () => {
    for (const format of ['table', 'json', 'ndjson', 'csv']) {
      const plain = await run(['photos', '--format', format]);
      const {code, stdout} = await run(['photos', '--format', format, '--output', 'out']);
      expect([code, stdout], format).to.deep.equal([1, '']);
      const timeless = (text: string) => text.replaceAll(/\d+\.\d+ s .*|"seconds":.*/g, '');
      expect(timeless(readFileSync(at('out'), 'utf8')), format).to.equal(timeless(plain.stdout));
    }
    expect(readdirSync(at()).filter((name) => /tmp|partial/.test(name))).to.deep.equal([]);
  });

  it('a file even if it is empty', async () => {
    const {code} = await run(['--files-from', '-', '--format', 'ndjson', '-o', 'none'], {input: ''});
    expect([code, readFileSync(at('none'), 'utf8')]).to.deep.equal([0, '']);
  });

  it('nothing over an old file if it fails', async () => {
    writeFileSync(at('kept'), 'old');
    for (const args of [['gone.jpg'], ['photos', '--model', 'gone.onnx'], ['photos', '--shard', '3/2']]) {
      expect((await run([...args, '-o', 'kept'])).code).to.equal(2);
      expect(readFileSync(at('kept'), 'utf8')).to.equal('old');
    }
    expect((await run(['photos', '-o', 'photos'])).stderr).to.match(/^Error PATH_NOT_WRITABLE: .*it is a folder/);
    expect((await run(['photos', '-o', 'no/such/file'])).stderr).to.match(/^Error PATH_NOT_FOUND/);
  });

  it('that the disk is full', async function () {
    if (!existsSync('/dev/full')) this.skip();
    for (const format of ['table', 'json', 'ndjson', 'csv']) {
      const {code, stdout, stderr} = await run(['photos', '--format', format, '-o', '/dev/full']);
      expect(code, format).to.equal(2);
      if (format === 'json') {
        const {error} = parseAs<{error: {code: string}}>('error', stdout);
        expect([error.code, stderr]).to.deep.equal(['DISK_FULL', '']);
      } else {
        expect(stderr, format).to.match(/Error DISK_FULL: no space left on the disk to write \/dev\/full\n/);
        expect(stdout).to.equal('');
      }
    }
  });

  it('the results before an error, and says so', async () => {
    const grey = (level: number) => encodePng(drawFrame(8, 6, () => [level, level, level]));
    write({'grey/fits.png': grey(85), 'grey/no.png': grey(255)});
    // The means of the three channels add up to 1, as probabilities must, only for one level of grey.
    const model = writeModel(at(), 'means', meansModel(), description({output: 'probabilities'}));
    const args = ['grey', '--model', model, '--batch-size', '1'];
    const {code, stdout, stderr} = await run([...args, '--json']);
    expect([code, stderr]).to.deep.equal([2, '']);
    const document = parseAs<Document & {error: {code: string}}>('predict', stdout);
    expect([document.predictions.length, document.error.code]).to.deep.equal([1, 'MODEL_DESCRIPTION']);
    const lines = (await run([...args, '--format', 'ndjson'])).stdout.trim().split('\n');
    expect(parseAs<object>('predict-line', lines[1])).to.have.nested.property('error.code', 'MODEL_DESCRIPTION');
    for (const format of ['table', 'csv']) {
      const told = await run([...args, '--format', format]);
      expect([told.code, told.stderr.split(':')[0]]).to.deep.equal([2, 'Error MODEL_DESCRIPTION']);
    }
  });

  it('nothing, without an error, if stdout is closed', async () => {
    const many = Array.from({length: 40}, () => 'photos/a.jpg');
    for (const format of ['table', 'json', 'ndjson', 'csv']) {
      const options = {cwd: at(), env: {RICE_MODEL: at('color.onnx')}, closeStdout: true};
      const {code, stderr} = await rice(['predict', ...many, '--format', format], options);
      expect([code, stderr], format).to.deep.equal([0, '']);
    }
  });

  it('the same answers with any number of threads and any batch size', async () => {
    write(Object.fromEntries(Array.from({length: 330}, (_, i) => [`many/${i}.jpg`, i % 3 ? 'Red' : 'Blue'])));
    const answers = async (...args: string[]) => {
      const {predictions, code} = await json(['many', ...args]);
      expect(code).to.equal(0);
      return predictions.map(summaryOf);
    };
    const expected = await answers('--threads', '1');
    expect(expected).to.have.length(330);
    expect(await answers('--batch-size', '7')).to.deep.equal(expected);
    expect(await answers('--threads', '3', '--batch-size', '4096')).to.deep.equal(expected);
  });
});
