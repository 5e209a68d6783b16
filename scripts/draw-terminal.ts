/**
 * Draws the picture of README.md, docs/images/predict.svg: pictures of grains and of another object, and a terminal with the
 * colored output of the built `rice`. `npx tsx scripts/draw-terminal.ts` after `npm run build`; with `--check` it only says
 * whether the picture is up to date. The time in the output is copied from the existing picture, so that the rest can be
 * compared.
 */
import {execFileSync} from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {KINDS} from '../bench/unknown-objects/kinds.ts';
import {renderObject} from '../bench/unknown-objects/render.ts';
import {Random} from '../src/training/random.ts';
import {encodeJpeg} from '../test/helpers/images.ts';

interface Style {
  color: string;
  bold: boolean;
  dim: boolean;
}

/** A character cell. */
interface Cell extends Style {
  character: string;
}

const SAMPLES = ['arborio', 'basmati', 'ipsala', 'jasmine', 'karacadag'];
/** A drawn pistachio that the network alone would take for an Arborio. */
const STRANGER = {name: 'pistachio', kind: 'pistachio-nut', seed: 2, number: 2};

const COMMAND = 'rice predict *.jpg';
/** The escape character before each change of color. */
const ESCAPE = String.fromCharCode(27);
const TIMING = /[\d.,]+ m?s \([\d.,]+ a second\)/;

const COLUMNS = 106;
const CELL = {width: 7.2, height: 19, font: 12};
const PADDING = 22;
const BAR = 34;
const TILE = {side: 110, caption: 22};
const COLORS = {
  window: '#14181f',
  bar: '#1f252e',
  border: '#4a525e',
  plain: '#d6dbe2',
  dim: '#8b949f',
  bright: '#ffffff',
  green: '#4cc38a',
  yellow: '#e5b454',
  red: '#f0716d',
};
const FONT = 'ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace';
/** Block characters filled from the left, in eighths. */
const BLOCKS = '▏▎▍▌▋▊▉█';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const target = at('docs/images/predict.svg');
const committed = existsSync(target) ? readFileSync(target, 'utf8') : '';
const folder = mkdtempSync(join(tmpdir(), 'rice-terminal-'));
try {
  writePictures();
  const svg = draw(answer());
  if (!process.argv.includes('--check')) {
    mkdirSync(at('docs/images'), {recursive: true});
    writeFileSync(target, svg);
  } else if (svg !== committed) {
    console.error('docs/images/predict.svg is out of date: run npm run docs');
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, {recursive: true});
}

function writePictures(): void {
  for (const name of SAMPLES) copyFileSync(at(`test/samples/${name}-1.jpg`), join(folder, `${name}.jpg`));
  const {name, kind, seed, number} = STRANGER;
  const parts = KINDS.find((each) => each.name === kind)!.draw(new Random(seed, kind, number, 'object'));
  const frame = renderObject(parts, new Random(seed, kind, number, 'capture'));
  writeFileSync(join(folder, `${name}.jpg`), encodeJpeg(frame, 75));
}

/** The output of `rice`, with the time from the existing picture. */
function answer(): string {
  const env = {PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8', FORCE_COLOR: '1', NODE_NO_WARNINGS: '1'};
  const args = [at('bin/run.js'), 'predict', ...readdirSync(folder).sort()];
  const stdio: ('ignore' | 'pipe')[] = ['ignore', 'pipe', 'ignore'];
  const text = execFileSync(process.execPath, args, {cwd: folder, encoding: 'utf8', env, stdio});
  const before = TIMING.exec(committed)?.[0];
  return before ? text.replace(TIMING, before) : text;
}

function draw(output: string): string {
  const names = readdirSync(folder).sort();
  const prompt = [...cellsOf('$ ', {color: 'green', bold: true, dim: false}), ...cellsOf(COMMAND, plain())];
  const lines = [prompt, ...parseAnsi(output.trimEnd())].flatMap(wrap);
  const width = Math.round(COLUMNS * CELL.width + 2 * PADDING);
  const linesTop = BAR + PADDING + TILE.side + TILE.caption + 20;
  const height = Math.round(linesTop + lines.length * CELL.height + PADDING - 10);
  const gap = (width - 2 * PADDING - names.length * TILE.side) / (names.length - 1);
  const tiles = names.map((name, i) => tile(name, PADDING + i * (TILE.side + gap), BAR + PADDING));
  const rows = lines.flatMap((line, i) => drawLine(line, linesTop + (i + 0.5) * CELL.height));
  const spoken = lines.map((line) => line.map(({character}) => character).join('')).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title text">
<title id="title">rice at work</title>
<desc id="text">${escapeXml(spoken)}</desc>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${COLORS.window}" stroke="${COLORS.border}"/>
<path d="M1 ${BAR}V10.5A9.5 9.5 0 0 1 10.5 1H${width - 10.5}A9.5 9.5 0 0 1 ${width - 1} 10.5V${BAR}Z" fill="${COLORS.bar}"/>
${['#ec6a5e', '#f4bf4f', '#61c554'].map((fill, i) => `<circle cx="${20 + i * 20}" cy="${BAR / 2}" r="6" fill="${fill}"/>`).join('')}
<clipPath id="tile"><rect width="${TILE.side}" height="${TILE.side}" rx="6"/></clipPath>
${tiles.join('\n')}
<g font-family="${FONT}" font-size="${CELL.font}">
${rows.join('\n')}
</g>
</svg>
`;
}

/** Wraps long lines at words. */
function wrap(line: Cell[]): Cell[][] {
  if (line.length <= COLUMNS) return [line];
  const space = line.slice(0, COLUMNS + 1).findLastIndex(({character}) => character === ' ');
  return [line.slice(0, space), ...wrap(line.slice(space + 1))];
}

/** A picture with its name below it. */
function tile(name: string, x: number, y: number): string {
  const {side, caption} = TILE;
  const data = readFileSync(join(folder, name)).toString('base64');
  const left = (side - name.length * 6.6) / 2;
  const places = [...name].map((_, i) => round(left + i * 6.6)).join(' ');
  return `<g transform="translate(${round(x)} ${y})"><image width="${side}" height="${side}" clip-path="url(#tile)" href="data:image/jpeg;base64,${data}"/><rect width="${side}" height="${side}" rx="6" fill="none" stroke="${COLORS.border}"/><text x="${places}" y="${side + caption - 5}" font-family="${FONT}" font-size="11" fill="${COLORS.dim}">${name}</text></g>`;
}

/** Every glyph has a position, so that a line looks the same in any font; bars are shapes, since fonts leave gaps in them. */
function drawLine(cells: Cell[], middle: number): string[] {
  const drawn: string[] = [];
  for (let start = 0; start < cells.length; ) {
    const first = cells[start];
    let end = start + 1;
    while (end < cells.length && sameKind(cells[end], first)) end++;
    const run = cells.slice(start, end);
    if (isBlock(first)) drawn.push(bar(run, start, middle));
    else if (run.some(({character}) => character !== ' ')) drawn.push(text(run, start, middle));
    start = end;
  }
  return drawn;
}

function bar(run: Cell[], column: number, middle: number): string {
  const eighths = run.reduce((sum, {character}) => sum + BLOCKS.indexOf(character) + 1, 0);
  const width = round((eighths / 8) * CELL.width);
  return `<rect x="${xOf(column)}" y="${round(middle - 5)}" width="${width}" height="10" fill="${paint(run[0])}"/>`;
}

function text(run: Cell[], column: number, middle: number): string {
  const shown = run.map((cell, i) => ({...cell, x: xOf(column + i)})).filter(({character}) => character !== ' ');
  const weight = run[0].bold ? ' font-weight="700"' : '';
  const places = shown.map(({x}) => x).join(' ');
  const characters = escapeXml(shown.map(({character}) => character).join(''));
  return `<text x="${places}" y="${round(middle + 4)}" fill="${paint(run[0])}"${weight}>${characters}</text>`;
}

function sameKind(a: Cell, b: Cell): boolean {
  return a.color === b.color && a.bold === b.bold && a.dim === b.dim && isBlock(a) === isBlock(b);
}

function isBlock({character}: Cell): boolean {
  return BLOCKS.includes(character);
}

function paint({color, bold, dim}: Style): string {
  if (dim) return COLORS.dim;
  if (color === 'plain' && bold) return COLORS.bright;
  return COLORS[color as keyof typeof COLORS];
}

/** Parses text with chalk's escape codes into lines of cells. */
function parseAnsi(output: string): Cell[][] {
  let style = plain();
  return output.split('\n').map((line) => {
    const cells: Cell[] = [];
    for (const part of line.split(ESCAPE)) {
      const [code, characters] = /^\[(\d+)m(.*)$/.exec(part)?.slice(1) ?? [undefined, part];
      if (code !== undefined) style = restyle(style, Number(code));
      cells.push(...cellsOf(characters, style));
    }
    return cells;
  });
}

function restyle(style: Style, code: number): Style {
  const changes: Record<number, Partial<Style>> = {
    0: plain(),
    1: {bold: true},
    2: {dim: true},
    22: {bold: false, dim: false},
    31: {color: 'red'},
    32: {color: 'green'},
    33: {color: 'yellow'},
    39: {color: 'plain'},
  };
  if (!changes[code]) throw new Error(`unknown escape code ${code}`);
  return {...style, ...changes[code]};
}

function cellsOf(characters: string, style: Style): Cell[] {
  return [...characters].map((character) => ({character, ...style}));
}

function plain(): Style {
  return {color: 'plain', bold: false, dim: false};
}

function xOf(column: number): number {
  return round(PADDING + column * CELL.width);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
