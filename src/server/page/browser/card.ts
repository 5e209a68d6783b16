import type {Answer, Prediction} from './answers.ts';
import {make, makeSvg} from './elements.ts';
import {enlarge} from './enlarge.ts';
import {explainFailure, type Failure, REASON_WORDS} from './words.ts';

/** The card of a picture, which shows its answer when there is one. */
export interface Card {
  element: HTMLLIElement;
  show(answer: Answer): void;
}

/** What a card can do with its picture, while the page has it. */
export interface CardActions {
  /** Called when the user retries a failed picture. */
  onRetry(): void;
  /** Asks why the answer is as it is. */
  why(): Promise<Answer>;
}

/**
 * @param picture URL of the picture; undefined if the browser can no longer show it
 */
export function makeCard(name: string, picture: string | undefined, actions?: CardActions): Card {
  const frame = make('button', {type: 'button', class: 'frame'});
  if (picture) frame.append(makeImage(name, picture, frame));
  else frame.append(make('span', {class: 'missing'}, 'No preview'));
  const about = make('p', {class: 'name'}, name);
  const body = make('div', {class: 'answer'}, make('p', {class: 'pending'}, 'Looking …'), about);
  const element = make('li', {class: 'card'}, frame, body);
  frame.addEventListener('click', () => enlarge(element));
  const show = (answer: Answer) => {
    if ('failure' in answer) {
      body.replaceChildren(...explain(answer.failure, actions?.onRetry), about);
      return;
    }
    body.replaceChildren(...describe(answer.prediction), about);
    if (isEmpty(answer.prediction)) return;
    element.append(bars(answer.prediction));
    if (actions) element.append(whyButton(name, actions));
    outline(frame, answer.prediction);
  };
  return {element, show};
}

/** A button that is replaced by the picture of the explanation. */
function whyButton(name: string, {why}: CardActions): HTMLElement {
  const button = make('button', {type: 'button', class: 'small'}, 'Why?');
  const place = make('div', {class: 'why'}, button);
  button.addEventListener('click', async () => {
    button.disabled = true;
    button.textContent = 'Looking …';
    const answer = await why();
    const image = 'prediction' in answer ? answer.prediction.explanation?.image : undefined;
    if (image) {
      const alt = `What speaks for the answer for ${name}, in orange, and against it, in blue`;
      place.replaceChildren(make('img', {src: image, alt}));
      return;
    }
    const message = 'failure' in answer ? explainFailure(answer.failure).message : 'There is no explanation.';
    place.replaceChildren(make('p', {class: 'note', role: 'status'}, message));
  });
  return place;
}

/** Text of an answer for screen readers. */
export function spoken(name: string, answer: Answer): string {
  if ('failure' in answer) return `${name}: ${explainFailure(answer.failure).message}`;
  const {label, confidence, known} = answer.prediction;
  if (isEmpty(answer.prediction)) return `${name}: unknown, ${REASON_WORDS['no grain'].said}`;
  return `${name}: ${known ? label : `unknown, nearest ${label}`}, ${percent(confidence)}`;
}

/** Whether no grain was found: confidence and varieties are then those of the ground, and are not shown. */
function isEmpty({reason}: Prediction): boolean {
  return reason === 'no grain';
}

function makeImage(name: string, picture: string, frame: HTMLElement): HTMLImageElement {
  const image = make('img', {src: picture, alt: `Enlarge the picture ${name}`});
  image.addEventListener('error', () => {
    image.remove();
    frame.prepend(make('span', {class: 'missing'}, 'No preview'));
  });
  return image;
}

function describe(prediction: Prediction): Node[] {
  const {label, confidence, known, reason, grain, warnings} = prediction;
  const empty = isEmpty(prediction);
  const nearest = empty ? [] : [make('span', {class: 'nearest'}, `nearest: ${label}`)];
  const title = known ? make('h3', {}, label) : make('h3', {class: 'unknown'}, 'Unknown', ...nearest);
  const rejection = reason ? (REASON_WORDS[reason]?.said ?? reason) : '';
  const size = grain ? `, ${Math.round(grain.length)} × ${Math.round(grain.width)} pixels` : '';
  const sure = empty ? '' : `${rejection && '; '}${percent(confidence)} sure${size}`;
  const facts = make('p', {class: 'facts'}, `${rejection}${sure}`);
  const news = (warnings ?? []).filter((warning) => rejection === '' || !warning.startsWith(rejection));
  const notes = [...(reason && REASON_WORDS[reason] ? [REASON_WORDS[reason].help] : []), ...news].map((note) =>
    make('p', {class: 'note'}, note),
  );
  return [title, facts, ...notes];
}

/** A bar for each variety, the most probable first. */
export function bars({probabilities, label: best}: Prediction): HTMLElement {
  const list = make('ul', {class: 'bars'});
  for (const [label, share] of Object.entries(probabilities).sort(([, a], [, b]) => b - a)) {
    const fill = make('span', {class: 'fill'});
    // The page's policy allows styles set by a script.
    fill.style.width = `${share * 100}%`;
    const bar = make('span', {class: 'bar', 'aria-hidden': 'true'}, fill);
    const name = make('span', {class: 'variety'}, label);
    list.append(
      make('li', label === best ? {class: 'best'} : {}, name, bar, make('span', {class: 'share'}, percent(share))),
    );
  }
  return list;
}

function explain(failure: Failure, onRetry?: () => void): Node[] {
  const {message, suggestions, lasting} = explainFailure(failure);
  const parts: Node[] = [make('h3', {class: 'failed'}, 'No answer'), make('p', {class: 'facts'}, message)];
  if (suggestions[0]) parts.push(make('p', {class: 'note'}, suggestions[0]));
  if (onRetry && !lasting) {
    const button = make('button', {type: 'button', class: 'small'}, 'Try again');
    button.addEventListener('click', onRetry);
    parts.push(button);
  }
  return parts;
}

/** Outlines the measured grain, in the picture's pixels. */
function outline(frame: HTMLElement, {grain}: Prediction): void {
  const image = frame.querySelector('img');
  if (!grain || !image) return;
  const draw = () => {
    const {naturalWidth: width, naturalHeight: height} = image;
    const {x, y, length, width: thickness, angle} = grain;
    const ellipse = makeSvg('ellipse', {
      cx: x,
      cy: y,
      rx: length / 2 + width / 60,
      ry: thickness / 2 + width / 60,
      transform: `rotate(${angle} ${x} ${y})`,
      'vector-effect': 'non-scaling-stroke',
    });
    frame.append(makeSvg('svg', {viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true', class: 'outline'}, ellipse));
  };
  if (image.complete && image.naturalWidth > 0) draw();
  else image.addEventListener('load', draw, {once: true});
}

/** Shows 100 % only for 1, and 0 % only for 0. */
export function percent(share: number): string {
  if (share > 0 && share < 0.001) return '<0.1 %';
  return `${share < 1 ? Math.min(share * 100, 99.9).toFixed(1) : '100'} %`;
}
