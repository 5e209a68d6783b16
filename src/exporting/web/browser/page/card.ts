import {isError, type PredictionEntry} from '../../../../prediction/entry.ts';
import {bars, percent} from '../../../../server/page/browser/card.ts';
import {make, makeSvg} from '../../../../server/page/browser/elements.ts';
import type {Answer, Shown} from '../messages.ts';
import {explainError, helpFor, isEmpty, sentence, title} from './words.ts';

/** The card of a picture, which shows its answer when there is one. */
export interface Card {
  element: HTMLLIElement;
  show(answer: Answer): void;
}

export function makeCard(name: string): Card {
  const picture = make('div', {class: 'frame'});
  const about = make('p', {class: 'name'}, name);
  const body = make('div', {class: 'answer'}, make('p', {class: 'pending'}, 'Looking …'), about);
  const element = make('li', {class: 'card'}, picture, body);
  const show = ({entry, seen}: Answer) => {
    // Pixels of the worker, not the file: what it refuses, no other decoder of the browser shall open.
    if (seen) picture.replaceChildren(draw(seen.picture, `The picture ${name}`));
    else picture.replaceChildren(make('span', {class: 'missing'}, 'No preview'));
    if (isError(entry)) {
      const {message, help} = explainError(entry);
      const parts = [make('h3', {class: 'failed'}, 'No answer'), make('p', {class: 'facts'}, message)];
      body.replaceChildren(...parts, ...(help ? [make('p', {class: 'note'}, help)] : []), about);
      return;
    }
    body.replaceChildren(...describe(entry), about);
    if (!seen) return;
    if (entry.grain) picture.append(outline(entry.grain, seen));
    const window = draw(seen.window, `What the network sees of ${name}`);
    element.append(make('figure', {class: 'window'}, window, make('figcaption', {}, 'What the network sees')));
    if (!isEmpty(entry)) element.append(bars(entry));
  };
  return {element, show};
}

/** Text of an answer for screen readers. */
export function spoken({entry}: Answer): string {
  if (isError(entry)) return `${entry.path}: ${explainError(entry).message}`;
  const {path, reason, confidence} = entry;
  return `${path}: ${[title(entry), ...(reason ? [reason] : []), ...(isEmpty(entry) ? [] : [percent(confidence)])].join(', ')}`;
}

function describe(entry: PredictionEntry): Node[] {
  const {known, reason, confidence, grain, warnings = []} = entry;
  const size = grain ? [`${Math.round(grain.length)} × ${Math.round(grain.width)} pixels`] : [];
  const facts = [...(reason ? [reason] : []), ...(isEmpty(entry) ? [] : [`${percent(confidence)} sure`, ...size])];
  const notes = [...(reason ? [helpFor(reason)] : []), ...warnings.map(sentence)];
  return [
    make('h3', known ? {} : {class: 'unknown'}, title(entry)),
    make('p', {class: 'facts'}, facts.join(', ')),
    ...notes.map((note) => make('p', {class: 'note'}, note)),
  ];
}

function draw({width, height, data}: Shown, label: string): HTMLCanvasElement {
  const canvas = make('canvas', {role: 'img', 'aria-label': label});
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

/** Outlines the measured grain, in the picture's pixels. */
function outline(
  grain: NonNullable<PredictionEntry['grain']>,
  {width, height}: NonNullable<Answer['seen']>,
): SVGElement {
  const {x, y, length, width: thickness, angle} = grain;
  const ellipse = makeSvg('ellipse', {
    cx: x,
    cy: y,
    rx: length / 2 + width / 60,
    ry: thickness / 2 + width / 60,
    transform: `rotate(${angle} ${x} ${y})`,
    'vector-effect': 'non-scaling-stroke',
  });
  return makeSvg('svg', {viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true', class: 'outline'}, ellipse);
}
