import {isWhiteCell, MARKER_CELLS} from './markers.ts';

/** Sizes of paper in mm, upright. */
export const PAPERS = {a4: [210, 297], letter: [215.9, 279.4]} as const;
export type Paper = keyof typeof PAPERS;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Marker {
  id: number;
  x: number;
  y: number;
  size: number;
}

export interface Field extends Box {
  color: 'black' | 'blue';
}

/** What is drawn, in mm from the top left corner of the paper. Colors are #rrggbb. */
export type Shape =
  | ({shape: 'box'; fill: string} & Box)
  /** `x` and `y` are where the text's baseline starts; `size` is that of the font, in mm. */
  | {shape: 'text'; x: number; y: number; size: number; bold: boolean; text: string};

/** The sheet that `rice target` prints, from which a photograph's scale, perspective and white balance are taken. */
export interface TargetSheet {
  paper: Paper;
  width: number;
  height: number;
  markers: readonly Marker[];
  /** Where grains are laid. */
  fields: readonly Field[];
  /** Of neutral gray. */
  gray: Box;
  /** Of 100 mm, to be measured after printing. */
  bar: Box;
  shapes: readonly Shape[];
}

/** Printers leave up to so much of the paper's border blank. */
const MARGIN = 10;
const MARKER = 18;
/** White between markers and fields: a marker is found by the white around it. */
const QUIET = 4;
const BAR = 100;
/** White and yellowish grains stand out from black, red and dark ones from blue. */
const FILLS = {black: '#000000', blue: '#1d4fa8'} as const;
const GRAY = '#808080';
/** By id; each paper has its own, so that a photograph tells what was printed. */
const FIRST_ID: Readonly<Record<Paper, number>> = {a4: 0, letter: 4};

export function targetSheet(paper: Paper): TargetSheet {
  const [width, height] = PAPERS[paper];
  const [right, bottom] = [width - MARGIN - MARKER, height - MARGIN - MARKER];
  const places = [
    [MARGIN, MARGIN],
    [right, MARGIN],
    [right, bottom],
    [MARGIN, bottom],
  ];
  const markers = places.map(([x, y], i) => ({id: FIRST_ID[paper] + i, x, y, size: MARKER}));
  const [top, between] = [MARGIN + MARKER + QUIET, MARGIN + MARKER + 6];
  const half = (height - 2 * top) / 2;
  const fields = (['black', 'blue'] as const).map((color, i) => {
    return {color, x: MARGIN, y: top + i * half, width: width - 2 * MARGIN, height: half};
  });
  const bar = {x: between, y: bottom + 6, width: BAR, height: 2.5};
  const patches = [GRAY, '#ffffff', '#000000'].map((fill, i) => {
    return {fill, x: width - between - 35 + i * 12, y: bottom + 2, width: 11, height: 11};
  });
  return {
    paper,
    width,
    height,
    markers,
    fields,
    gray: patches[0],
    bar,
    shapes: [
      ...markers.flatMap(drawMarker),
      ...fields.map((field): Shape => ({shape: 'box', ...field, fill: FILLS[field.color]})),
      ...patches.flatMap(drawPatch),
      ...drawBar(bar),
      ...texts(bar, between),
    ],
  };
}

/** The sheet that markers of these ids are on. */
export function sheetOfMarker(id: number): TargetSheet {
  return targetSheet(id < FIRST_ID.letter ? 'a4' : 'letter');
}

function drawMarker({id, x, y, size}: Marker): Shape[] {
  const cell = size / MARKER_CELLS;
  const shapes: Shape[] = [{shape: 'box', x, y, width: size, height: size, fill: '#000000'}];
  for (let row = 0; row < MARKER_CELLS; row++)
    for (let column = 0; column < MARKER_CELLS; column++)
      if (isWhiteCell(id, row, column))
        shapes.push({
          shape: 'box',
          x: x + column * cell,
          y: y + row * cell,
          width: cell,
          height: cell,
          fill: '#ffffff',
        });
  return shapes;
}

/** With a thin frame, so that the white one is seen. */
function drawPatch({fill, ...box}: Box & {fill: string}): Shape[] {
  const frame = 0.2;
  const around = {x: box.x - frame, y: box.y - frame, width: box.width + 2 * frame, height: box.height + 2 * frame};
  return [
    {shape: 'box', ...around, fill: GRAY},
    {shape: 'box', ...box, fill},
  ];
}

/** Ten parts of 10 mm, black and white by turns. */
function drawBar(bar: Box): Shape[] {
  const line = 0.3;
  const part = BAR / 10;
  const white = [1, 3, 5, 7, 9].map((i): Shape => {
    const end = i === 9 ? line : 0;
    return {
      shape: 'box',
      x: bar.x + i * part,
      y: bar.y + line,
      width: part - end,
      height: bar.height - 2 * line,
      fill: '#ffffff',
    };
  });
  return [{shape: 'box', ...bar, fill: '#000000'}, ...white];
}

function texts(bar: Box, x: number): Shape[] {
  const line = (y: number, size: number, text: string, bold = false): Shape => ({
    shape: 'text',
    x,
    y,
    size,
    bold,
    text,
  });
  return [
    line(MARGIN + 4.5, 5, 'rice target', true),
    line(MARGIN + 9, 3, 'Lay grains on the black field (red or dark ones on the blue), apart from each other.'),
    line(MARGIN + 13, 3, 'Photograph from above, in even light, with all four markers in the picture. Then:'),
    line(MARGIN + 17.5, 3, 'rice scan photo.jpg', true),
    line(bar.y - 1.8, 3, `Measure this: it must be ${BAR} mm`, true),
    line(bar.y + 6.3, 2.6, 'If it is not, print again at 100 % ("actual size", no fitting to the page),'),
    line(bar.y + 9.9, 2.6, 'or say how many mm it is long, such as 97: --reference target:97'),
  ];
}
