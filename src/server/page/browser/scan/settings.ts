import {byId} from '../elements.ts';

const select = (id: string) => byId<HTMLSelectElement>(id);
const input = (id: string) => byId<HTMLInputElement>(id);
/** Things that can be pointed at. */
const PLACED = ['coin', 'card', 'a4', 'letter'];

/** Shows only the settings that belong to the chosen scale. @param onChange called after every change by the user */
export function watchSettings(onChange: () => void): void {
  const form = byId<HTMLFormElement>('scan-settings');
  const arrange = () => {
    const kind = select('scale').value;
    const shown: Record<string, boolean> = {
      coin: kind === 'coin',
      diameter: kind === 'coin' && select('coin').value === '',
      dpi: kind === 'dpi',
      pxPerMm: kind === 'pxPerMm',
      place: PLACED.includes(kind),
    };
    for (const part of form.querySelectorAll<HTMLElement>('[data-for]')) part.hidden = !shown[part.dataset.for!];
  };
  form.addEventListener('input', () => {
    arrange();
    onChange();
  });
  // A browser may have kept what was chosen before a reload.
  arrange();
}

/** The settings as parameters of `POST /scan`, or what is missing. */
export function readSettings(): {parameters: Record<string, string>} | {missing: string} {
  const kind = select('scale').value;
  const parameters: Record<string, string> = {};
  if (kind === 'coin') {
    const diameter = select('coin').value || input('diameter').value;
    if (!(Number(diameter) > 0)) return {missing: 'How large is the coin? Its diameter in millimeters is missing.'};
    parameters.reference = `coin:${Number(diameter)}`;
  } else if (kind === 'dpi' || kind === 'pxPerMm') {
    const {value} = input(kind === 'dpi' ? 'dpi' : 'px-per-mm');
    if (!(Number(value) > 0)) return {missing: 'What tells the size? The number is missing.'};
    parameters[kind] = `${Number(value)}`;
  } else if (kind !== '') parameters.reference = kind;
  const place = input('place').value.match(/\d+(?:\.\d+)?/g);
  if (PLACED.includes(kind) && place?.length === 2) parameters.referenceAt = place.join(',');
  if (select('expect').value !== '') parameters.expect = select('expect').value;
  if (select('broken').value !== '3/4') parameters.broken = select('broken').value;
  return {parameters};
}

/** Notes where the reference lies. */
export function setPlace([x, y]: readonly [number, number]): void {
  input('place').value = `${Math.round(x)}, ${Math.round(y)}`;
}

export function clearPlace(): void {
  input('place').value = '';
}
