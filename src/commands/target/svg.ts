import type {Shape, TargetSheet} from '../../scanning/scale/target/sheet.ts';

/** The sheet as SVG, in mm at its real size. */
export function targetSvg({paper, width, height, shapes}: TargetSheet): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}">
<title>rice target, ${paper}</title>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<g shape-rendering="crispEdges" font-family="Helvetica, Arial, sans-serif">
${shapes.map(element).join('\n')}
</g>
</svg>
`;
}

function element(shape: Shape): string {
  if (shape.shape === 'box') {
    const {x, y, width, height, fill} = shape;
    return `<rect x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" fill="${fill}"/>`;
  }
  const {x, y, size, bold, text} = shape;
  const weight = bold ? ' font-weight="bold"' : '';
  return `<text x="${number(x)}" y="${number(y)}" font-size="${number(size)}"${weight}>${escaped(text)}</text>`;
}

function number(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
