import {type Html, html} from '../../../common/html.ts';
import {amount, name} from '../../../common/report/figures.ts';
import {round} from '../../../common/round.ts';
import {lengthWords} from '../../grading/words.ts';
import type {ScannedGrain} from '../../types.ts';
import {annotationSizes, boxOutline} from '../annotate.ts';
import {pathOf} from '../annotate-svg.ts';
import {grainClasses, NO_COLOR} from '../grain-classes.ts';
import {filters} from './filters.ts';
import type {EmbeddedImage, ReportData, ReportPicture} from './report-data.ts';

/** The pictures with their outlines, and what they show of each grain. */
export function picturesSection(data: ReportData): Html {
  const scenes = data.pictures.map((each, i) => (each.image ? scene(each, each.image, i + 1, data) : undefined));
  const rest = data.pictures.filter(({image}) => !image).length;
  return html`<section aria-labelledby="pictures">
<h2 id="pictures">${data.pictures.length === 1 ? 'The picture' : 'The pictures'}</h2>
<p class="note live-only">Point at a grain, or tap it. What is no grain has a dashed outline.</p>
${filters(data)}
${scenes}
${rest > 0 ? html`<p>And ${amount(rest, 'more picture')}, which ${rest === 1 ? 'is' : 'are'} in the tables.</p>` : undefined}
</section>`;
}

function scene({picture}: ReportPicture, image: EmbeddedImage, number: number, {colorBy, model}: ReportData): Html {
  const {path, width, height, grains, objects} = picture;
  const {line} = annotationSizes(picture);
  const drawn = Math.max(line, Math.max(width, height) / 700);
  const byVariety = grainClasses('variety', model.labels);
  const byGrade = grainClasses('grade', model.labels);
  const paths = grains.map((grain) => {
    const [variety, grade] = [byVariety(grain), byGrade(grain)];
    const color = (colorBy === 'grade' ? grade : variety).color;
    return html`<path class="grain" data-key="${number}-${grain.id}" data-id="${grain.id}" data-variety="${variety.name}" data-grade="${grade.name}" data-tip="${tip(grain)}" d="${pathOf(grain.outline)}" stroke="${color}"/>
`;
  });
  const others = objects.map(
    ({
      outline,
      ...box
    }) => html`<path class="object" d="${pathOf(outline ?? boxOutline(box))}" stroke="${NO_COLOR}" stroke-dasharray="${round(drawn * 5, 1)}"/>
`,
  );
  return html`<figure class="scene" data-zoom="1">
<div class="viewport" tabindex="0" role="region" aria-label="Picture ${number}"><div class="sheet"><img src="${image.uri}" width="${image.width}" height="${image.height}" alt="${amount(grains.length, 'grain')} in ${path}">
<svg class="overlay" viewBox="0 0 ${width} ${height}" fill="none" stroke-width="${round(drawn, 2)}" stroke-linejoin="round" aria-hidden="true" focusable="false">
${others}${paths}</svg></div><p class="tip" hidden></p></div>
<figcaption><span>${name(path)}, ${width} × ${height} pixels <span class="shown" role="status"></span></span><span class="tools live-only"><button type="button" class="zoom-out" aria-label="Smaller">−</button> <button type="button" class="zoom-in" aria-label="Larger">+</button> <button type="button" class="previous">Previous</button> <button type="button" class="next-grain">Next</button></span></figcaption>
<div class="panel live-only" role="status"><div class="chosen"><p class="note">No grain is chosen yet.</p></div></div>
</figure>`;
}

function tip(grain: ScannedGrain): string {
  const {id, label, known, border, grade, mm} = grain;
  const size = border ? 'cut by the border' : lengthWords(mm?.length ?? grain.length, mm ? 'mm' : 'px');
  return [`${id}: ${known ? label : 'unknown'}`, size, ...(grade ? [grade] : [])].join(', ');
}
