import type {Shape, TargetSheet} from '../../scanning/scale/target/sheet.ts';

/** Points of 1/72 inch per mm. */
const POINTS = 72 / 25.4;

/**
 * The sheet as PDF 1.4 (ISO 32000-1 describes it as a subset): one page of its real size, boxes and text in Helvetica, which
 * every reader has. The viewer is asked to print it unscaled.
 */
export function targetPdf({paper, width, height, shapes}: TargetSheet): Buffer {
  const content = shapes.map((shape) => operators(shape, height)).join('\n');
  const font = (name: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R /ViewerPreferences << /PrintScaling /None >> >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${points(width)} ${points(height)}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    font('Helvetica'),
    font('Helvetica-Bold'),
    `<< /Title (rice, target ${paper}) /Producer (rice) >>`,
  ];
  // The comment of bytes above 127 says to programs that transfer files that it is not text.
  let file = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
  const offsets = objects.map((object, i) => {
    const offset = file.length;
    file += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  file += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R /Info ${objects.length} 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** PDF counts y from the bottom of the page. */
function operators(shape: Shape, pageHeight: number): string {
  if (shape.shape === 'box') {
    const {x, y, width, height, fill} = shape;
    const color = [1, 3, 5].map((at) => rounded(Number.parseInt(fill.slice(at, at + 2), 16) / 255)).join(' ');
    return `${color} rg ${points(x)} ${points(pageHeight - y - height)} ${points(width)} ${points(height)} re f`;
  }
  const {x, y, size, bold, text} = shape;
  const font = `/${bold ? 'F2' : 'F1'} ${points(size)} Tf`;
  return `0 g BT ${font} ${points(x)} ${points(pageHeight - y)} Td (${text.replaceAll(/[\\()]/g, '\\$&')}) Tj ET`;
}

function points(millimeters: number): string {
  return rounded(millimeters * POINTS);
}

function rounded(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}
