import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {expect} from 'chai';
import {decodeImage} from '../../../src/image/decode.ts';
import type {ScannedGrain, ScannedPicture, ScanSummary} from '../../../src/scanning/types.ts';
import {HAS_MODEL, rice, startRice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {drawFrame, encodePng} from '../../helpers/images.ts';
import {drawnScan} from '../../helpers/scanned.ts';

interface Document {
  pictures: ScannedPicture[];
  summary: ScanSummary | null;
  errors: {path: string; code: string; message: string}[];
}

const DRAWN = drawnScan(3, {columns: 5, rows: 4});
const EMPTY = encodePng(drawFrame(300, 200, () => [30, 60, 120]));

describe('rice scan', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder(), ...names);
  const scan = (...args: string[]) => rice(['scan', ...args], {cwd: folder()});

  before(function () {
    if (!HAS_MODEL) this.skip();
    writeFileSync(at('grains.jpg'), DRAWN.bytes);
    writeFileSync(at('empty.png'), EMPTY);
    mkdirSync(at('sample', 'more'), {recursive: true});
    mkdirSync(at('twins'));
    writeFileSync(at('twins', 'a.jpg'), DRAWN.bytes);
    writeFileSync(at('twins', 'a.png'), EMPTY);
    writeFileSync(at('sample', 'a.jpg'), drawnScan(4, {columns: 4, rows: 2}).bytes);
    writeFileSync(at('sample', 'b.jpg'), drawnScan(5, {columns: 4, rows: 2}).bytes);
    writeFileSync(at('sample', 'more', 'c.jpg'), drawnScan(6, {columns: 3, rows: 2}).bytes);
  });

  it('prints one JSON document as its schema says, with what was drawn', async () => {
    const {code, stdout, stderr} = await scan('grains.jpg', '--json', '--px-per-mm', '10');
    const {pictures, summary, errors} = parseAs<Document>('scan', stdout);
    expect([code, errors, stderr]).to.deep.equal([0, [], '']);
    const [picture] = pictures;
    const {grains: drawn, sha256, width, height} = DRAWN.picture;
    expect(picture).to.include({path: 'grains.jpg', sha256, width, height, count: 20});
    expect(picture.scale).to.include({pxPerMm: 10, source: 'px-per-mm'});
    for (const truth of drawn.filter(({border}) => !border)) {
      const found = nearest(picture.grains, truth);
      expect(Math.hypot(found.x - truth.x, found.y - truth.y), `place of ${truth.id}`).to.be.below(1);
      expect(found.length, `length of ${truth.id}`).to.be.closeTo(truth.length, 2);
      expect(found.mm?.length).to.be.closeTo(found.length / 10, 0.03);
    }
    expect(picture.grains.filter(({border}) => border)).to.have.length(1);
    expect(summary).to.include({pictures: 1, grains: 20, measured: 19});
    expect(summary?.lengths.unit).to.equal('mm');
  });

  it('prints a JSON object a grain, and one for what could not be read', async () => {
    writeFileSync(at('text.jpg'), 'no picture');
    const {code, stdout} = await scan('grains.jpg', 'text.jpg', 'empty.png', '--format', 'ndjson');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => parseAs<Record<string, unknown>>('scan-line', line));
    expect(code).to.equal(1);
    expect(lines).to.have.length(22);
    expect(lines.slice(0, 20).map(({id}) => id)).to.deep.equal(Array.from({length: 20}, (_, i) => i + 1));
    expect(lines[20]).to.include({path: 'text.jpg', code: 'IMAGE_UNSUPPORTED'});
    expect(lines[21]).to.include({path: 'empty.png'});
  });

  it('prints a CSV row a grain, all with as many fields, into a file', async () => {
    const {code, stdout} = await scan('grains.jpg', '--dpi', '254', '--format', 'csv', '--output', 'grains.csv');
    expect([code, stdout]).to.deep.equal([0, '']);
    const [head, ...rows] = readFileSync(at('grains.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(rows).to.have.length(20);
    expect(new Set(rows.map((row) => row.length))).to.deep.equal(new Set([head.length]));
    const cell = (row: string[], name: string) => row[head.indexOf(name)];
    for (const row of rows) expect(Number(cell(row, 'lengthMm'))).to.be.closeTo(Number(cell(row, 'length')) / 10, 0.03);
    expect(head).to.include.members(['path', 'id', 'label', 'grade', 'massMg', 'Basmati', 'error']);
  });

  it('shows people counts, shares with their intervals, lengths and the scale', async () => {
    const {code, stdout, stderr} = await scan('grains.jpg', '--px-per-mm', '10');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^grains\.jpg: 20 grains, 1 of them cut by the border \(\d+ by area\)\n/);
    expect(stdout)
      .to.match(/\d+\.\d% to \d+\.\d%/)
      .and.to.match(/broken \(< 3\/4\)/);
    expect(stdout)
      .to.match(/^length {2}\d\.\d\d mm/m)
      .and.to.match(/^scale {3}10\.00 px\/mm, from/m);
    expect(stdout).to.contain('not a certificate');
    expect(stderr)
      .to.match(/^Warning: Only 19 grains/m)
      .and.to.match(/^Try: .*rice scan grains\.jpg .*--report/m);
  });

  it('takes a folder for one sample: a row a picture, then all together', async () => {
    const {code, stdout} = await scan('sample', '--recursive');
    expect(code).to.equal(0);
    const lines = stdout.split('\n');
    expect(lines[0]).to.match(/^picture .* grains {2}broken/);
    expect(lines.slice(1, 4).map((line) => line.split(/\s+/).slice(0, 2))).to.deep.equal([
      [join('sample', 'a.jpg'), '8'],
      [join('sample', 'b.jpg'), '8'],
      [join('sample', 'more', 'c.jpg'), '6'],
    ]);
    expect(stdout).to.contain('3 pictures: 22 grains');
  });

  it('says that a picture counts twice', async () => {
    writeFileSync(at('copy.jpg'), DRAWN.bytes);
    const {stdout} = await scan('grains.jpg', 'copy.jpg', '--json');
    const {pictures, summary} = parseAs<Document>('scan', stdout);
    expect(summary?.grains).to.equal(40);
    expect(pictures.map(({warnings}) => warnings.join().includes('same file as grains.jpg'))).to.deep.equal([
      false,
      true,
    ]);
  });

  it('prints no control characters of names', async () => {
    const name = 'a\u001b[31m\u202eb.jpg';
    writeFileSync(at(name), DRAWN.bytes);
    for (const args of [[], ['--json'], ['--format', 'csv'], ['--format', 'ndjson'], ['--report', 'hostile.html']]) {
      const {stdout, stderr} = await scan(name, ...args);
      expect(isPlain(stdout + stderr), args.join(' ')).to.equal(true);
    }
    expect(isPlain(readFileSync(at('hostile.html'), 'utf8'))).to.equal(true);
  });

  it('reads standard input and lists', async () => {
    const piped = await rice(['scan', '-', '--json'], {cwd: folder(), input: DRAWN.bytes});
    expect(parseAs<Document>('scan', piped.stdout).pictures[0]).to.include({path: '-', count: 20});
    const listed = await rice(['scan', '--files-from', '-', '--json'], {
      cwd: folder(),
      input: 'grains.jpg\nnot-there.jpg\n',
    });
    const {pictures, errors} = parseAs<Document>('scan', listed.stdout);
    expect([listed.code, pictures.length, errors[0].code]).to.deep.equal([1, 1, 'PATH_NOT_FOUND']);
  });

  it('ends with 1 where nothing could be measured, and says so', async () => {
    const {code, stdout} = await scan('empty.png', '--json');
    const {pictures, errors} = parseAs<Document>('scan', stdout);
    expect(code).to.equal(1);
    expect(pictures.length + errors.length).to.equal(1);
    const table = await scan('empty.png');
    expect(table.code).to.equal(1);
    expect(table.stdout + table.stderr).to.match(/empty\.png: (0 grains|.+)/);
  });

  it('proposes the same scan with a report, not another one', async () => {
    const {stderr} = await scan('grains.jpg', '--px-per-mm', '10', '--expect', 'Basmati');
    expect(stderr).to.match(/^Try: .*rice scan grains\.jpg --px-per-mm 10 --expect Basmati --report grains\.html$/m);
  });

  it('reports purity, and another limit for broken grains', async () => {
    const {stdout} = await scan('grains.jpg', '--expect', 'Jasmine', '--broken', '1/2', '--json');
    const {summary} = parseAs<Document>('scan', stdout);
    expect(summary?.purity?.label).to.equal('Jasmine');
    expect(summary?.purity?.count).to.equal(summary?.labels.Jasmine ?? 0);
  });

  describe('writes files beside its result', () => {
    it('a picture with outlines, in each format', async () => {
      for (const name of ['marked.png', 'marked.jpg', 'marked.svg']) {
        const {code, stderr} = await scan('grains.jpg', '--annotate', name);
        expect([code, stderr]).to.satisfy(([ended, told]: [number, string]) => ended === 0 && told.includes(name));
      }
      for (const name of ['marked.png', 'marked.jpg']) {
        const {frame} = await decodeImage(readFileSync(at(name)));
        expect(frame.width).to.equal(DRAWN.picture.width);
        expect(frame.height).to.be.above(DRAWN.picture.height);
      }
      const svg = readFileSync(at('marked.svg'), 'utf8');
      expect(svg.match(/<title>/g)).to.have.length(20);
      expect(svg).to.contain('data:image/jpeg;base64,').and.to.contain('>20</text>');
    });

    it('of several pictures by a pattern or into a folder', async () => {
      await scan('sample', '--annotate', join('marked', '*-marked.svg'));
      expect(readdirSync(at('marked')).sort()).to.deep.equal(['a-marked.svg', 'b-marked.svg']);
      await scan('sample', '--annotate', 'folder/');
      expect(readdirSync(at('folder')).sort()).to.deep.equal(['a.jpg', 'b.jpg']);
    });

    it('a report', async () => {
      const {code} = await scan('grains.jpg', '--report', 'report.html');
      const page = readFileSync(at('report.html'), 'utf8');
      expect(code).to.equal(0);
      expect(page.match(/<path class="grain"/g)).to.have.length(20);
      expect(page).to.contain('<h1>20 grains</h1>');
    });

    it('grains alone on black, which train takes as a variety', async () => {
      const {code, stderr} = await scan('grains.jpg', '--crops', join('grains', 'Sella'), '--px-per-mm', '10');
      expect(code).to.equal(0);
      expect(stderr).to.contain(`19 grains in ${join('grains', 'Sella')}; left out: 1 cut by the border`);
      const files = readdirSync(at('grains', 'Sella')).filter((name) => name.endsWith('.png'));
      expect(files).to.have.length(19);
      const manifest = JSON.parse(readFileSync(at('grains', 'Sella', 'manifest.json'), 'utf8'));
      expect(manifest.pictures[0]).to.include({path: 'grains.jpg', sha256: DRAWN.picture.sha256});
      expect(manifest.pictures[0].scale.pxPerMm).to.equal(10);
      for (const {file, id, side} of manifest.grains) {
        const {frame} = await decodeImage(readFileSync(at('grains', 'Sella', file)));
        expect([file, frame.width, frame.height]).to.deep.equal([
          `grains-${String(id).padStart(3, '0')}.png`,
          side,
          side,
        ]);
        // Without its neighbors: everything but the middle is black.
        expect([...frame.data.subarray(0, side * 3 * 3)].every((level) => level === 0)).to.equal(true);
        const middle = (Math.floor(side / 2) * side + Math.floor(side / 2)) * 3;
        expect(frame.data[middle]).to.be.above(100);
      }
      const again = await scan('grains.jpg', '--crops', join('grains', 'Sella'), '--px-per-mm', '10');
      expect(again.code).to.equal(0);
    });

    it('no grain over another one', async () => {
      mkdirSync(at('taken'), {recursive: true});
      writeFileSync(at('taken', 'grains-001.png'), EMPTY);
      const {code, stderr} = await scan('grains.jpg', '--crops', 'taken');
      expect(code).to.equal(2);
      expect(stderr).to.match(/PATH_NOT_WRITABLE: .*grains-001\.png is there already/);
      expect(readFileSync(at('taken', 'grains-001.png')).equals(EMPTY)).to.equal(true);
      expect(readdirSync(at('taken'))).to.deep.equal(['grains-001.png']);
    });

    it('grains by variety, those that are not sure left out', async () => {
      const {stdout} = await scan('grains.jpg', '--crops', 'sorted', '--crops-by', 'variety', '--json');
      const [{grains}] = parseAs<Document>('scan', stdout).pictures;
      const known = grains.filter((grain) => grain.known && !grain.border);
      const folders = readdirSync(at('sorted')).filter((name) => name !== 'manifest.json');
      expect(folders.sort()).to.deep.equal([...new Set(known.map(({label}) => label))].sort());
      const files = folders.flatMap((name) => readdirSync(at('sorted', name)));
      expect(files).to.have.length(known.length);
    });
  });

  describe('honors corrections', () => {
    const {sha256, grains} = DRAWN.picture;
    const point = ({x, y}: ScannedGrain) => [x, y];
    const write = (name: string, digest: string, corrections: object[]) =>
      writeFileSync(at(name), JSON.stringify({sha256: digest, corrections}));

    it('label, remove, split and join', async () => {
      const [first, second, third, , long] = grains;
      const [cos, sin] = [Math.cos((long.angle * Math.PI) / 180), Math.sin((long.angle * Math.PI) / 180)];
      write('corrections.json', sha256, [
        {at: point(first), do: 'label', label: 'Sella'},
        {at: point(second), do: 'remove'},
        {
          at: point(long),
          do: 'split',
          from: [long.x - 30 * sin, long.y + 30 * cos],
          to: [long.x + 30 * sin, long.y - 30 * cos],
        },
        {at: point(third), do: 'join', with: point(grains[3])},
        {at: [2, 2], do: 'remove'},
      ]);
      const {code, stdout} = await scan('grains.jpg', '--corrections', 'corrections.json', '--json');
      const [picture] = parseAs<Document>('scan', stdout).pictures;
      expect(code).to.equal(0);
      expect(picture.count).to.equal(20 - 1 + 1 - 1);
      expect(nearest(picture.grains, first)).to.include({label: 'Sella', known: true, corrected: true});
      const halves = picture.grains.filter(({x, y}) => Math.hypot(x - long.x, y - long.y) < 30);
      expect(halves.map(({length}) => Math.round(length / long.length / 0.1))).to.deep.equal([5, 5]);
      expect(picture.warnings.join()).to.contain(
        'Correction 5 of 5 (remove at 2,2) was not applied: no grain is there',
      );
    });

    it('of this picture alone', async () => {
      write('other.json', 'ab'.repeat(32), []);
      const {code, stdout} = await scan('grains.jpg', '--corrections', 'other.json', '--json');
      expect([code, parseAs<Document>('scan', stdout).errors[0].code]).to.deep.equal([1, 'CORRECTIONS_MISMATCH']);
      const several = await scan('sample', '--corrections', 'other.json', '--json');
      const {errors, pictures} = parseAs<Document>('scan', several.stdout);
      expect([several.code, pictures.length, errors[0].code]).to.deep.equal([1, 2, 'CORRECTIONS_MISMATCH']);
    });
  });

  it('stops on Ctrl-C, and keeps what is done', async () => {
    mkdirSync(at('many'));
    for (let i = 0; i < 40; i++) writeFileSync(at('many', `${String(i).padStart(2, '0')}.jpg`), DRAWN.bytes);
    const {child, ended, wrote} = startRice(['scan', 'many', '--json'], {cwd: folder()});
    await wrote(/00\.jpg/);
    await setTimeout(20);
    child.kill('SIGINT');
    const {code, stdout} = await ended;
    const document = parseAs<Document & {interrupted?: boolean}>('scan', stdout);
    expect(code).to.equal(130);
    expect(document.interrupted).to.equal(true);
    expect(document.pictures.length).to.be.within(1, 39);
    expect(document.summary?.pictures).to.equal(document.pictures.length);
  });

  const mistakes: [args: string[], code: string, message: RegExp][] = [
    [[], 'USAGE', /missing argument PATHS/],
    [['not-there.jpg'], 'PATH_NOT_FOUND', /not-there\.jpg/],
    [['grains.jpg', '--reference', 'plate'], 'USAGE', /plate/],
    [['grains.jpg', '--dpi', '300', '--px-per-mm', '10'], 'USAGE', /--dpi/],
    [['grains.jpg', '--broken', '4/5'], 'USAGE', /3\/4, 2\/3, 1\/2/],
    [['grains.jpg', '--expect', 'Sella'], 'USAGE', /does not know this variety/],
    [['grains.jpg', '--annotate', 'marked.gif'], 'USAGE', /\.png, \.jpg or \.svg/],
    [['twins/a.png', '--annotate', 'twins/'], 'USAGE', /would overwrite twins.a\.jpg/],
    [['sample', '--annotate', 'marked.png'], 'USAGE', /several pictures/],
    [['grains.jpg', '--annotate', 'grains.jpg'], 'USAGE', /would overwrite the picture/],
    [['grains.jpg', '--report', 'grains.jpg'], 'USAGE', /must end with \.html/],
    [['grains.jpg', '--report', 'no-folder/report.html'], 'PATH_NOT_FOUND', /no-folder/],
    [['grains.jpg', '--crops', 'grains.jpg'], 'PATH_NOT_WRITABLE', /grains\.jpg/],
    [['grains.jpg', '--corrections', 'not-there.json'], 'PATH_NOT_FOUND', /not-there\.json/],
    [['grains.jpg', '--corrections', 'grains.jpg'], 'CORRECTIONS_INVALID', /no JSON/],
  ];
  for (const [args, code, message] of mistakes)
    it(`says what is wrong with ${args.join(' ') || 'no arguments'}`, async () => {
      const outcome = await scan(...args, '--json');
      const {error} = JSON.parse(outcome.stdout);
      expect([outcome.code, error.code]).to.deep.equal([2, code]);
      expect(error.message).to.match(message);
      expect(error.suggestions).to.not.have.length(0);
      expect(existsSync(at('no-folder'))).to.equal(false);
    });
});

function isPlain(text: string): boolean {
  return !text.includes('\u001b') && !text.includes('\u202e');
}

function nearest(grains: readonly ScannedGrain[], {x, y}: {x: number; y: number}): ScannedGrain {
  return [...grains].sort((a, b) => Math.hypot(a.x - x, a.y - y) - Math.hypot(b.x - x, b.y - y))[0];
}
