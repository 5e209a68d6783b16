import {percent} from '../card.ts';
import {byId, make} from '../elements.ts';
import {type ScannedGrain, type ScannedPicture, sizeOf} from './document.ts';
import {remarks} from './words.ts';

/** Fills the table of all grains. @param onChoose called with a grain whose number was clicked */
export function showTable({grains, scale}: ScannedPicture, onChoose: (grain: ScannedGrain) => void): void {
  const unit = scale ? 'mm' : 'px';
  const column = (text: string, words = false) => make('th', {scope: 'col', ...(words ? {class: 'words'} : {})}, text);
  const head = make(
    'tr',
    {},
    column('No.', true),
    column('Variety', true),
    column('Sure'),
    column(`Length, ${unit}`),
    column(`Width, ${unit}`),
    column('L / W'),
    column(`Area, ${unit}²`),
    column('Grade', true),
    column('Remarks', true),
  );
  const rows = grains.map((grain) => {
    const number = make('button', {type: 'button', 'aria-label': `Grain ${grain.id}`}, `${grain.id}`);
    number.addEventListener('click', () => onChoose(grain));
    const cells = [...cellsOf(grain)].map(([text, words]) => make('td', words ? {class: 'words'} : {}, text));
    return make('tr', {'data-id': `${grain.id}`}, make('th', {scope: 'row'}, number), ...cells);
  });
  const table = make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows));
  byId('all').replaceChildren(table);
}

function cellsOf(grain: ScannedGrain): [text: string, words?: true][] {
  const note: [string, true] = [remarks(grain).join(', '), true];
  if (grain.border) return [['', true], [''], [''], [''], [''], [''], ['', true], note];
  const {length, width, area, unit} = sizeOf(grain);
  const digits = unit === 'mm' ? 2 : 1;
  return [
    [grain.known ? grain.label : 'unknown', true],
    [percent(grain.confidence)],
    [length.toFixed(digits)],
    [width.toFixed(digits)],
    [grain.ratio.toFixed(2)],
    [area.toFixed(digits)],
    [grain.grade ?? '', true],
    note,
  ];
}

/** Marks the row of the chosen grain, and brings it into view within the table. */
export function markRow(id: number | undefined): void {
  const place = byId('all');
  for (const row of place.querySelectorAll<HTMLElement>('tbody tr')) {
    const chosen = row.dataset.id === `${id}`;
    row.classList.toggle('chosen', chosen);
    if (!chosen) continue;
    const hidden =
      row.offsetTop < place.scrollTop + 40 || row.offsetTop + row.offsetHeight > place.scrollTop + place.clientHeight;
    if (hidden) place.scrollTop = row.offsetTop - place.clientHeight / 2;
  }
}
