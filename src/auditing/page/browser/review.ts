import type {ReviewData, ReviewItem} from '../review-item.ts';
import {correctionsCsv} from './corrections-csv.ts';
import {type Decision, Decisions} from './decisions.ts';
import {save} from './save.ts';
import {element, View} from './view.ts';

/** A person deciding about one picture after the other. */
export class Review {
  readonly #data: ReviewData;
  readonly #decisions: Decisions;
  readonly #view: View;
  #now = 0;

  constructor(data: ReviewData) {
    this.#data = data;
    this.#decisions = new Decisions(data);
    this.#view = new View(data);
    this.#now = Math.max(0, this.#nextOpen(0));
    this.#refresh();
  }

  /** What a button or a key says. */
  run(what: string): void {
    const {suggested} = this.#item;
    if (what === 'accept' && suggested !== undefined) this.#decide({action: 'relabel', label: suggested});
    else if (what === 'keep' || what === 'exclude') this.#decide({action: what});
    else if (what === 'undo') this.#undo();
    else if (what === 'previous') this.#move(-1);
    else if (what === 'next') this.#move(1);
    else if (what === 'save') this.#save();
  }

  /** Gives the picture a label, by its place among all labels. */
  relabel(index: number): void {
    const label = this.#data.labels[index];
    if (label === undefined) return;
    this.#decide(label === this.#item.label ? {action: 'keep'} : {action: 'relabel', label});
  }

  /** Shows a picture of the list. */
  look(index: number): void {
    this.#now = index;
    this.#refresh();
    element('.review').scrollIntoView({block: 'start'});
    element('#review').focus({preventScroll: true});
  }

  get #item(): ReviewItem {
    return this.#data.items[this.#now];
  }

  #decide(decision: Decision): void {
    this.#decisions.set(this.#item.path, decision);
    const next = this.#nextOpen(this.#now + 1);
    if (next >= 0) this.#now = next;
    this.#refresh();
  }

  #undo(): void {
    const path = this.#decisions.undo();
    const index = this.#data.items.findIndex((item) => item.path === path);
    if (index >= 0) this.#now = index;
    this.#refresh();
  }

  #move(by: number): void {
    const {length} = this.#data.items;
    this.#now = (this.#now + by + length) % length;
    this.#refresh();
  }

  /** The next picture without a decision, from here on and then from the start; -1 if there is none. */
  #nextOpen(from: number): number {
    const {items} = this.#data;
    for (let i = 0; i < items.length; i++) {
      const index = (from + i) % items.length;
      if (!this.#decisions.of(items[index].path)) return index;
    }
    return -1;
  }

  #save(): void {
    const {text, rows} = correctionsCsv(this.#data, (path) => this.#decisions.of(path));
    if (rows === 0) return;
    save('corrections.csv', 'text/csv', text);
    element('.saved').textContent = `${rows} ${rows === 1 ? 'line' : 'lines'} saved`;
  }

  #refresh(): void {
    this.#view.show(this.#now, this.#decisions);
  }
}
