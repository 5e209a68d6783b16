import type {Color} from './images.ts';

interface Drawn {
  x: number;
  y: number;
  width: number;
  height: number;
  color: Color;
}

/** The boxes that an SVG of `rice target` draws, in order, the paper first. */
export function boxesOfSvg(svg: string): Drawn[] {
  return [...svg.matchAll(/<rect ([^>]*)\/>/g)].map(([, attributes]) => {
    const value = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1];
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(value(name) ?? 0));
    const fill = value('fill') ?? '';
    const color = [1, 3, 5].map((at) => Number.parseInt(fill.slice(at, at + 2), 16)) as unknown as Color;
    return {x, y, width, height, color};
  });
}

/** The sheet as a printer makes it, black a dark gray and white a light one, lying on a ground. */
export function printedSheet(svg: string, ground: Color): (x: number, y: number) => Color {
  const boxes = boxesOfSvg(svg).reverse();
  const cells = new Map<number, Drawn[]>();
  const cellOf = (x: number, y: number) => Math.floor(x / 5) * 1000 + Math.floor(y / 5);
  const at = (x: number, y: number) => {
    const cell = cellOf(x, y);
    const near = cells.get(cell) ?? boxes.filter((box) => meets(box, Math.floor(x / 5) * 5, Math.floor(y / 5) * 5));
    cells.set(cell, near);
    return near.find((box) => x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height);
  };
  const inked = ([red, green, blue]: Color): Color => [30 + red * 0.8, 30 + green * 0.8, 30 + blue * 0.8];
  const paints = new Map(boxes.map((box) => [box, inked(box.color)]));
  return (x, y) => {
    const box = x < 0 || y < 0 ? undefined : at(x, y);
    return box ? paints.get(box)! : ground;
  };
}

function meets({x, y, width, height}: Drawn, left: number, top: number): boolean {
  return x < left + 5 && y < top + 5 && x + width > left && y + height > top;
}
