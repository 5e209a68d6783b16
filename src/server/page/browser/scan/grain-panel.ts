import type {Correction} from '../../../../scanning/corrections.ts';
import type {Point} from '../../../../scanning/types.ts';
import {percent} from '../card.ts';
import {byId, make} from '../elements.ts';
import {measure, type ScannedGrain, sizeOf} from './document.ts';
import {correctionWords, remarks} from './words.ts';

/** Sides of the picture of one grain, in device pixels. */
const SIDE = 176;

export interface GrainActions {
  onLabel(label: string): void;
  onRemove(): void;
  /** Cuts through the middle, across the grain or along it. */
  onCut(way: 'across' | 'along'): void;
  /** The next line on the picture is a cut. */
  onDraw(): void;
  /** The next grain that is chosen is joined with this one. */
  onJoin(): void;
  onUndo(): void;
  onClose(): void;
}

export interface GrainView {
  grain: ScannedGrain;
  /** The model's varieties. */
  labels: readonly string[];
  image: HTMLImageElement | undefined;
  /** What was said of it since the last scan. */
  pending: Correction | undefined;
  /** What is to be done next, such as to draw a line. */
  hint: string;
}

/** Shows the figures of a grain, and what can be corrected. */
export function showGrain({grain, labels, image, pending, hint}: GrainView, actions: GrainActions): void {
  const place = byId('grain');
  const close = make('button', {type: 'button', class: 'small close', 'aria-label': 'Close'}, '×');
  close.addEventListener('click', actions.onClose);
  const title = make('h3', {id: 'grain-title', tabindex: '-1'}, `Grain ${grain.id}`);
  const name = make('p', grain.known ? {} : {class: 'unknown'}, nameOf(grain));
  const notes = remarks(grain).map((note) => make('p', {class: 'facts'}, note));
  const head = make('div', {class: 'head'}, ...cropOf(grain, image), make('div', {}, title, name, ...notes), close);
  const said = pending ? [make('p', {class: 'note'}, `To be applied: ${correctionWords(pending)}.`)] : [];
  place.replaceChildren(head, factsOf(grain), ...said, ...toolsOf(grain, labels, pending, hint, actions));
  place.hidden = false;
}

export function hideGrain(): void {
  byId('grain').hidden = true;
}

function nameOf({label, known, confidence, border}: ScannedGrain): string {
  if (border) return 'Not named';
  return `${known ? label : `Unknown, nearest ${label}`}, ${percent(confidence)}`;
}

function factsOf(grain: ScannedGrain): HTMLElement {
  const {length, width, area, unit} = sizeOf(grain);
  const {ratio, grade, lengthShare, mass, white, color, border} = grain;
  const swatch = make('span', {class: 'swatch', 'aria-hidden': 'true'});
  swatch.style.backgroundColor = `lab(${color.L}% ${color.a} ${color.b})`;
  const facts: [string, ...(Node | string)[]][] = border
    ? []
    : [
        ['Length × width', `${measure(length, unit)} × ${measure(width, unit)}`],
        ['Length / width', ratio.toFixed(2)],
        ['Area', measure(area, unit, '²')],
        ...(grade === undefined ? [] : [['Grade', grade] as [string, string]]),
        ...(lengthShare === undefined
          ? []
          : [['Of a whole one', `${Math.round(lengthShare * 100)} %`] as [string, string]]),
        ...(mass === undefined ? [] : [['Mass, estimated', `${mass.toFixed(1)} mg`] as [string, string]]),
        ['White, estimated', `${Math.round(white * 100)} %`],
        ['Color', swatch, `L* ${whole(color.L)}, a* ${whole(color.a)}, b* ${whole(color.b)}`],
      ];
  return make('dl', {}, ...facts.flatMap(([term, ...value]) => [make('dt', {}, term), make('dd', {}, ...value)]));
}

/** Without a minus before zero. */
function whole(value: number): string {
  return `${Math.round(value) + 0}`;
}

function toolsOf(
  grain: ScannedGrain,
  labels: readonly string[],
  pending: Correction | undefined,
  hint: string,
  actions: GrainActions,
): HTMLElement[] {
  const button = (text: string, work: () => void) => {
    const element = make('button', {type: 'button', class: 'small'}, text);
    element.addEventListener('click', work);
    return element;
  };
  if (hint !== '')
    return [make('p', {class: 'note'}, hint), make('div', {class: 'tools'}, button('Stop', actions.onUndo))];
  // What was cut or joined is another grain after the next scan.
  if (pending && pending.do !== 'label') return [make('div', {class: 'tools'}, button('Take it back', actions.onUndo))];
  const names = [...new Set([...labels, ...(grain.border ? [] : [grain.label])])];
  const current = pending?.do === 'label' ? pending.label : grain.known ? grain.label : '';
  const select = make(
    'select',
    {id: 'label'},
    ...(current === '' ? [make('option', {value: ''}, 'choose')] : []),
    ...names.map((name) => make('option', name === current ? {selected: ''} : {}, name)),
  );
  select.addEventListener('change', () => select.value !== '' && actions.onLabel(select.value));
  return [
    make('div', {class: 'tools'}, make('label', {for: 'label'}, 'It is', select)),
    make(
      'div',
      {class: 'tools', role: 'group', 'aria-label': 'Correct it'},
      button('Not a grain', actions.onRemove),
      button('Cut: draw a line', actions.onDraw),
      button('Cut across', () => actions.onCut('across')),
      button('Cut along', () => actions.onCut('along')),
      button('Join with …', actions.onJoin),
      ...(pending ? [button('Take it back', actions.onUndo)] : []),
    ),
  ];
}

/** The grain itself, with a margin; nothing where the browser cannot show the picture. */
function cropOf({outline}: ScannedGrain, image: HTMLImageElement | undefined): Node[] {
  if (!image) return [];
  const canvas = make('canvas', {width: `${SIDE}`, height: `${SIDE}`, 'aria-hidden': 'true'});
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const side = 1.3 * Math.max(right - left, bottom - top, 8);
  const origin: Point = [(left + right - side) / 2, (top + bottom - side) / 2];
  const context = canvas.getContext('2d')!;
  context.drawImage(image, ...origin, side, side, 0, 0, SIDE, SIDE);
  return [canvas];
}
