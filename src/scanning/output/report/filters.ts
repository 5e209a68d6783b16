import {type Html, html} from '../../../common/html.ts';
import {count} from '../../../common/report/figures.ts';
import {COLOR_BY, type ColorBy, countClasses} from '../grain-classes.ts';
import type {ReportData} from './report-data.ts';

const TITLES: Record<ColorBy, string> = {variety: 'Variety', grade: 'Grade'};

/** Which grains are shown and what their colors tell; also the legend. Works by the script only, and is a legend without. */
export function filters({pictures, model, colorBy}: ReportData): Html {
  const grains = pictures.flatMap(({picture}) => picture.grains);
  const boxes = (by: ColorBy) =>
    countClasses(grains, by, model.labels).map(
      ({
        name,
        color,
        count: number,
      }) => html`<label><input type="checkbox" name="${by}" value="${name}" data-color="${color}" checked>${swatch(color)} <bdi>${name}</bdi> ${count(number)}</label>
`,
    );
  const radios = COLOR_BY.map(
    (
      by,
    ) => html`<label><input type="radio" name="color" value="${by}"${by === colorBy ? html` checked` : undefined}> ${TITLES[by].toLowerCase()}</label>
`,
  );
  return html`<form class="filters" aria-label="Grains that are shown">
${COLOR_BY.map(
  (by) => html`<fieldset class="by-${by}"><legend>${TITLES[by]}</legend>
${boxes(by)}</fieldset>
`,
)}
<fieldset class="choice"><legend>Color by</legend>
${radios}<button type="button" id="all">Show all</button></fieldset>
</form>`;
}

function swatch(color: string): Html {
  return html`<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true" focusable="false"><circle cx="6" cy="6" r="5" fill="${color}"/></svg>`;
}
