import type {ReviewData} from '../review-item.ts';
import type {Decision, Decisions} from './decisions.ts';
import {Stage, told} from './stage.ts';

/** Shows which picture it is about, what was decided, and what can be done. */
export class View {
  readonly #data: ReviewData;
  readonly #stage: Stage;
  readonly #cards = [...document.querySelectorAll<HTMLElement>('.list li')];

  constructor(data: ReviewData) {
    this.#data = data;
    this.#stage = new Stage(data.typical);
  }

  show(index: number, decisions: Decisions): void {
    const {items} = this.#data;
    const all = items.map(({path}) => decisions.of(path));
    this.#cards.forEach((card, i) => {
      const decision = all[i];
      card.classList.toggle('now', i === index);
      card.querySelector('.decision')!.textContent = decision ? told(items[i], decision) : '';
    });
    this.#stage.show(items[index], this.#cards[index], all[index]);
    this.#progress(index, all);
    this.#buttons(index, all[index], decisions);
    element('.storage').hidden = decisions.kept;
    element('.saved').textContent = '';
  }

  #progress(index: number, all: readonly (Decision | undefined)[]): void {
    const decided = all.filter((decision) => decision !== undefined);
    const count = (action: Decision['action']) => decided.filter((decision) => decision.action === action).length;
    const done = decided.length === all.length ? 'All are decided, save them' : `${decided.length} decided`;
    element('.done').style.width = `${(100 * decided.length) / all.length}%`;
    element('.told').textContent =
      `Picture ${index + 1} of ${all.length}. ${done}: ` +
      `${count('relabel')} relabeled, ${count('keep')} kept, ${count('exclude')} left out`;
    button('save').disabled = decided.length + this.#data.earlier.length === 0;
  }

  #buttons(index: number, decision: Decision | undefined, decisions: Decisions): void {
    const {label, suggested} = this.#data.items[index];
    const given = decision?.action === 'relabel' ? decision.label : undefined;
    caption('accept', suggested === undefined ? 'Accept' : `Accept ${suggested}`);
    caption('keep', `Keep ${label}`);
    button('accept').disabled = suggested === undefined;
    button('undo').disabled = !decisions.canUndo;
    press(button('accept'), given !== undefined && given === suggested);
    press(button('keep'), decision?.action === 'keep');
    press(button('exclude'), decision?.action === 'exclude');
    for (const each of document.querySelectorAll<HTMLElement>('button.label'))
      press(each, given !== undefined && this.#data.labels[Number(each.dataset.label)] === given);
  }
}

export function element(selector: string): HTMLElement {
  return document.querySelector<HTMLElement>(selector)!;
}

function button(what: string): HTMLButtonElement {
  return document.querySelector<HTMLButtonElement>(`button[data-do=${what}]`)!;
}

function caption(what: string, text: string): void {
  button(what).querySelector('span')!.textContent = text;
}

function press(button: HTMLElement, pressed: boolean): void {
  button.setAttribute('aria-pressed', String(pressed));
}
