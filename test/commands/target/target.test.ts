import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect} from 'chai';
import {rice, temporaryFolder} from '../../cli/rice.ts';
import {parseAs} from '../../cli/schema.ts';
import {boxesOfSvg} from '../../helpers/drawn-sheet.ts';

const POINTS = 72 / 25.4;

describe('rice target', () => {
  const root = temporaryFolder();
  const file = (name: string) => join(root(), name);

  it('draws a sheet at its real size, with the bar that is to be measured', async () => {
    const {code, stdout, stderr} = await rice(['target', file('target.svg')]);
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.contain('print it at 100 %').and.contain('100 mm');
    const svg = readFileSync(file('target.svg'), 'utf8');
    expect(svg).to.contain('width="210mm" height="297mm" viewBox="0 0 210 297"');
    expect(svg).to.contain('Measure this: it must be 100 mm');
    expect(boxesOfSvg(svg).some(({width, height}) => width === 100 && height < 5)).to.equal(true);
  });

  for (const paper of ['a4', 'letter'])
    it(`draws the same as PDF: ${paper}`, async () => {
      const [svg, pdf] = [file(`${paper}.svg`), file(`${paper}.PDF`)];
      for (const path of [svg, pdf]) expect((await rice(['target', path, '--paper', paper])).code).to.equal(0);
      const [paperBox, ...boxes] = boxesOfSvg(readFileSync(svg, 'utf8'));
      const drawn = readPdf(readFileSync(pdf));
      expect(drawn.size[0] / POINTS).to.be.closeTo(paperBox.width, 0.001);
      expect(drawn.size[1] / POINTS).to.be.closeTo(paperBox.height, 0.001);
      expect(drawn.boxes).to.have.length(boxes.length);
      for (const [i, {x, y, width, height, color}] of boxes.entries()) {
        const [red, green, blue, left, bottom, wide, high] = drawn.boxes[i];
        for (const [c, level] of [red, green, blue].entries()) expect(level * 255).to.be.closeTo(color[c], 0.02);
        const top = drawn.size[1] - bottom - high;
        for (const [k, value] of [left, top, wide, high].entries())
          expect(value / POINTS).to.be.closeTo([x, y, width, height][k], 0.002);
      }
      expect(drawn.content).to.contain('(Measure this: it must be 100 mm) Tj');
      expect(drawn.content).to.contain('\\("actual size", no fitting to the page\\)');
    });

  it('says where everything is, with --json', async () => {
    const {stdout} = await rice(['target', file('again.pdf'), '--paper', 'letter', '--json']);
    const told = parseAs<{width: number; markers: {id: number}[]; fields: {width: number; height: number}[]}>(
      'target',
      stdout,
    );
    expect(told.width).to.equal(215.9);
    expect(told.markers.map(({id}) => id)).to.deep.equal([4, 5, 6, 7]);
    expect(told.fields.map(({width, height}) => width * height > 15_000)).to.deep.equal([true, true]);
  });

  it('wants a name that says what to write, and writes nothing otherwise', async () => {
    for (const name of ['target.png', 'target', 'svg']) {
      const {code, stderr} = await rice(['target', file(name)]);
      expect(code).to.equal(2);
      expect(stderr).to.contain('it must end in .pdf or .svg');
      expect(existsSync(file(name))).to.equal(false);
    }
    expect((await rice(['target'])).stderr).to.contain('missing argument FILE');
    expect((await rice(['target', file('a.pdf'), '--paper', 'a5'])).stderr).to.contain('a4, letter');
    expect((await rice(['target', join(root(), 'none', 'a.pdf')])).stderr).to.contain('PATH_NOT_FOUND');
  });
});

/** Reads the table of objects and the page as ISO 32000-1 says, and holds them against each other. */
function readPdf(pdf: Buffer): {size: number[]; boxes: number[][]; content: string} {
  const text = pdf.toString('latin1');
  expect(text.startsWith('%PDF-1.4\n')).to.equal(true);
  const table = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1]);
  const [, count] = /^xref\n0 (\d+)\n/.exec(text.slice(table)) ?? [];
  const entries = [...text.slice(table).matchAll(/^(\d{10}) (\d{5}) ([nf]) \n/gm)];
  expect(entries).to.have.length(Number(count));
  for (const [i, [, offset, , kind]] of entries.entries())
    if (kind === 'n') expect(text.slice(Number(offset))).to.match(new RegExp(`^${i} 0 obj\n`));
  const size = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(text)?.slice(1).map(Number) ?? [];
  const [, length, content] = /<< \/Length (\d+) >>\nstream\n(.*?)\nendstream/s.exec(text) ?? [];
  expect(content.length).to.equal(Number(length));
  const boxes = [...content.matchAll(/^(.*) rg (.*) re f$/gm)].map(([, color, box]) =>
    `${color} ${box}`.split(' ').map(Number),
  );
  return {size, boxes, content};
}
