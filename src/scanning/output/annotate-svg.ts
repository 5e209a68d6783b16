import {type Html, html} from '../../common/html.ts';
import {round} from '../../common/round.ts';
import type {Outline, ScannedPicture} from '../types.ts';
import {type AnnotateOptions, annotationSizes, boxOutline} from './annotate.ts';
import {countClasses, grainClasses, NO_COLOR} from './grain-classes.ts';

const DARK = '#0c0e12';

/**
 * The same as `annotateFrame` as an SVG document, which keeps outlines and ids as shapes and text.
 *
 * @param source address of the picture, as a rule a data URI; its pixels are those of `picture`
 */
export function annotateSvg(source: string, picture: ScannedPicture, {colorBy, labels}: AnnotateOptions): string {
  const {width, height, grains, objects} = picture;
  const sizes = annotationSizes(picture);
  const classOf = grainClasses(colorBy, labels);
  const legend = countClasses(grains, colorBy, labels);
  const below = legend.length === 0 ? 0 : Math.round(legend.length * sizes.text * 2 + sizes.text);
  const line = round(sizes.line, 2);
  const edge = round(sizes.line + 2 * Math.max(1, sizes.line * 0.45), 2);
  const shapes = grains.map((grain) => {
    const {name, color} = classOf(grain);
    return html`<g><title>${`${grain.id}: ${name}`}</title>${edged(grain.outline, color)}</g>
`;
  });
  const others = objects.map(
    ({
      kind,
      outline,
      ...box
    }) => html`<g stroke-dasharray="${line * 6}"><title>${kind}</title>${edged(outline ?? boxOutline(box), NO_COLOR)}</g>
`,
  );
  const ids = grains.map(({id, x, y}) => html`<text x="${round(x, 1)}" y="${round(y + sizes.id / 2, 1)}">${id}</text>`);
  const rows = legend.map(({name, color, count}, i) => {
    const y = height + sizes.text * (1.5 + 2 * i);
    return html`<circle cx="${round(sizes.text * 1.5, 1)}" cy="${round(y, 1)}" r="${round(sizes.text / 2, 1)}" fill="${color}"/><text x="${round(sizes.text * 2.6, 1)}" y="${round(y + sizes.text / 2, 1)}">${`${name} ${count}`}</text>
`;
  });
  return html`<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height + below}" width="${width}" height="${height + below}" font-family="system-ui, sans-serif">
<rect width="100%" height="100%" fill="#16191e"/>
<image href="${source}" width="${width}" height="${height}"/>
<g fill="none" stroke-linejoin="round">
${others}${shapes}</g>
${sizes.id > 0 ? html`<g font-size="${round(sizes.id * 1.35, 1)}" text-anchor="middle" fill="#fff" stroke="${DARK}" stroke-width="${round(sizes.id / 4, 2)}" paint-order="stroke">${ids}</g>` : ''}
<g font-size="${round(sizes.text * 1.35, 1)}" fill="#ebebe8">
${rows}</g>
</svg>
`.text;

  function edged(outline: Outline, color: string): Html {
    const path = pathOf(outline);
    return html`<path d="${path}" stroke="${DARK}" stroke-width="${edge}"/><path d="${path}" stroke="${color}" stroke-width="${line}"/>`;
  }
}

/** An outline as the `d` of an SVG path, to tenths of a pixel. */
export function pathOf(outline: Outline): string {
  return `M${outline.map(([x, y]) => `${round(x, 1)} ${round(y, 1)}`).join('L')}Z`;
}
