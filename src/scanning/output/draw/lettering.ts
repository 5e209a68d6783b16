/**
 * Letters of 5 x 7 dots, each a number of two hexadecimal digits a column, lowest bit on top. Drawn as strokes between
 * neighboring dots, so that they have no steps at any size.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  ...{' ': '0000000000', '%': '2313086462', '(': '001c224100', ')': '0041221c00', '+': '08083e0808'},
  ...{',': '0050300000', '-': '0808080808', '.': '0060600000', '/': '2010080402', ':': '0036360000', '?': '0201510906'},
  ...{'0': '3e4141413e', '1': '00427f4000', '2': '4261514946', '3': '2141454b31', '4': '1814127f10', '5': '2745454539'},
  ...{'6': '3c4a494930', '7': '0171090503', '8': '3649494936', '9': '064949291e', _: '4040404040', '=': '1414141414'},
  ...{A: '7e1111117e', B: '7f49494936', C: '3e41414122', D: '7f4141221c', E: '7f49494941', F: '7f09090901'},
  ...{G: '3e4149497a', H: '7f0808087f', I: '00417f4100', J: '2040413f01', K: '7f08142241', L: '7f40404040'},
  ...{M: '7f020c027f', N: '7f0408107f', O: '3e4141413e', P: '7f09090906', Q: '3e4151215e', R: '7f09192946'},
  ...{S: '4649494931', T: '01017f0101', U: '3f4040403f', V: '1f2040201f', W: '3f4038403f', X: '6314081463'},
  ...{Y: '0708700807', Z: '6151494543', a: '2054545478', b: '7f48444438', c: '3844444420', d: '384444487f'},
  ...{e: '3854545418', f: '087e090102', g: '0c5252523e', h: '7f08040478', i: '00447d4000', j: '2040443d00'},
  ...{k: '7f10284400', l: '00417f4000', m: '7c04180478', n: '7c08040478', o: '3844444438', p: '7c14141408'},
  ...{q: '081414187c', r: '7c08040408', s: '4854545420', t: '043f444020', u: '3c4040207c', v: '1c2040201c'},
  ...{w: '3c4030403c', x: '4428102844', y: '0c5050503c', z: '4464544c44'},
};

const COLUMNS = 5;
const ROWS = 7;
/** Dots from one letter to the next. */
const ADVANCE = 6;

/** The width in pixels of a text whose capitals are `height` pixels high. */
export function textWidth(text: string, height: number): number {
  return Math.max(0, [...plain(text)].length * ADVANCE - 1) * dotOf(height);
}

/** The width of the strokes of such a text. */
export function strokeWidth(height: number): number {
  return dotOf(height) * 1.05;
}

/**
 * The segments of a text, for `stroke`.
 *
 * @param x left edge of the first letter
 * @param y top of the capitals
 */
export function lettering(text: string, x: number, y: number, height: number): number[] {
  const dot = dotOf(height);
  return [...plain(text)].flatMap((letter, i) => {
    const left = x + i * ADVANCE * dot;
    return strokesOf(GLYPHS[letter] ?? GLYPHS['?']).map((place, k) => {
      return k % 2 === 0 ? left + (place + 0.5) * dot : y + (place + 0.5) * dot;
    });
  });
}

/** Letters without their marks: `ğ` is `g`. */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').replaceAll('ı', 'i').replace(/[–—]/g, '-');
}

function dotOf(height: number): number {
  return height / ROWS;
}

const strokes = new Map<string, number[]>();

/** From each dot to the next ones to the right and below; to those at its corner where no other way leads there. */
function strokesOf(glyph: string): number[] {
  const known = strokes.get(glyph);
  if (known) return known;
  const isSet = (x: number, y: number) =>
    x >= 0 &&
    x < COLUMNS &&
    y >= 0 &&
    y < ROWS + 1 &&
    ((Number.parseInt(glyph.slice(x * 2, x * 2 + 2), 16) >> y) & 1) === 1;
  const found: number[] = [];
  for (let x = 0; x < COLUMNS; x++)
    for (let y = 0; y <= ROWS; y++) {
      if (!isSet(x, y)) continue;
      found.push(x, y, x, y);
      if (isSet(x + 1, y)) found.push(x, y, x + 1, y);
      if (isSet(x, y + 1)) found.push(x, y, x, y + 1);
      if (isSet(x + 1, y + 1) && !isSet(x + 1, y) && !isSet(x, y + 1)) found.push(x, y, x + 1, y + 1);
      if (isSet(x + 1, y - 1) && !isSet(x + 1, y) && !isSet(x, y - 1)) found.push(x, y, x + 1, y - 1);
    }
  strokes.set(glyph, found);
  return found;
}
