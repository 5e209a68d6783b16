import type {Correction, Corrections} from '../../../../scanning/corrections.ts';
import type {Point} from '../../../../scanning/types.ts';
import {save} from '../csv.ts';
import {byId} from '../elements.ts';
import {amount, type ScannedGrain} from './document.ts';
import {isWithin, pointWithin, rounded, throughOutline} from './geometry.ts';

export interface CorrectionEvents {
  /** They have changed. */
  onChange(): void;
  /** The picture is to be scanned again with them. */
  onApply(): void;
  /** Of the file to save them in, without its extension. */
  nameOf(): string;
}

/** What a person says of the grains of a picture: applied by the next scan, and kept in a file. */
export class CorrectionList {
  readonly #events: CorrectionEvents;
  #list: Correction[] = [];
  /** Those that the scan that is shown was made with. */
  #applied: readonly Correction[] = [];
  /** Of the picture; empty until it was scanned. */
  #sha256 = '';
  /** Why a file could not be used. */
  #problem = '';

  constructor(events: CorrectionEvents) {
    this.#events = events;
    byId('apply').addEventListener('click', events.onApply);
    byId('undo').addEventListener('click', () => this.#change(this.#list.slice(0, -1)));
    byId('corrections-save').addEventListener('click', () => {
      const text = `${JSON.stringify(this.forPicture(), null, 1)}\n`;
      save(`${events.nameOf()}.corrections.json`, new Blob([text], {type: 'application/json'}));
    });
    const file = byId<HTMLInputElement>('corrections-open');
    file.addEventListener('change', () => {
      const [chosen] = file.files ?? [];
      if (chosen) void this.#open(chosen);
      file.value = '';
    });
  }

  /** There is another picture. */
  clear(): void {
    this.#applied = [];
    this.#sha256 = '';
    this.#change([]);
  }

  /** What is sent with the picture, or saved; undefined where there is nothing to correct. */
  forPicture(): Corrections | undefined {
    return this.#list.length === 0 ? undefined : {sha256: this.#sha256, corrections: this.#list};
  }

  /** A scan was made with all of them. @param sha256 of the picture */
  applied(sha256: string): void {
    this.#sha256 = sha256;
    this.#applied = this.#list;
    this.#problem = '';
    this.#show();
  }

  label(grain: ScannedGrain, label: string): void {
    const at = placeOf(grain);
    const others = this.#list.filter((each, i) => !(i >= this.#kept && each.do === 'label' && samePoint(each.at, at)));
    this.#change([...others, {at, do: 'label', label}]);
  }

  remove(grain: ScannedGrain): void {
    this.#change([...this.#list, {at: placeOf(grain), do: 'remove'}]);
  }

  join(grain: ScannedGrain, other: ScannedGrain): void {
    this.#change([...this.#list, {at: placeOf(grain), do: 'join', with: placeOf(other)}]);
  }

  /** Cuts along a line, which is made long enough. */
  split(grain: ScannedGrain, from: Point, to: Point): void {
    const [start, end] = throughOutline(from, to, grain.outline);
    this.#change([...this.#list, {at: placeOf(grain), do: 'split', from: rounded(start), to: rounded(end)}]);
  }

  /** Cuts through the middle. */
  cut(grain: ScannedGrain, way: 'across' | 'along'): void {
    const turn = ((grain.angle + (way === 'across' ? 90 : 0)) * Math.PI) / 180;
    const [x, y] = pointWithin([grain.x, grain.y], grain.outline);
    const [dx, dy] = [Math.cos(turn), Math.sin(turn)];
    this.split(grain, [x - dx, y - dy], [x + dx, y + dy]);
  }

  takeBack(correction: Correction): void {
    this.#change(this.#list.filter((each) => each !== correction));
  }

  /** What was said of grains since they were scanned: id -> correction. */
  pendingOf(grains: readonly ScannedGrain[]): Map<number, Correction> {
    const pending = new Map<number, Correction>();
    const note = (at: Point, correction: Correction) => {
      const grain = grains.find(({outline}) => isWithin(at, outline));
      if (grain) pending.set(grain.id, correction);
    };
    for (const correction of this.#list.slice(this.#kept)) {
      note(correction.at, correction);
      if (correction.do === 'join') note(correction.with, correction);
    }
    return pending;
  }

  /** How many of them the scan that is shown has, from the first on. */
  get #kept(): number {
    const first = this.#applied.findIndex((each, i) => this.#list[i] !== each);
    return first < 0 ? this.#applied.length : first;
  }

  async #open(file: File): Promise<void> {
    try {
      const {sha256, corrections} = JSON.parse(await file.text()) as Corrections;
      if (!Array.isArray(corrections)) throw new Error('no list');
      if (this.#sha256 !== '' && sha256 !== this.#sha256)
        this.#problem = 'The file holds corrections of another picture.';
      else {
        this.#change(corrections);
        this.#events.onApply();
        return;
      }
    } catch {
      this.#problem = 'The file holds no corrections.';
    }
    this.#show();
  }

  #change(list: readonly Correction[]): void {
    this.#list = [...list];
    this.#problem = '';
    this.#show();
    this.#events.onChange();
  }

  #show(): void {
    const waiting = this.#list.length - this.#kept;
    const dropped = this.#applied.length - this.#kept;
    const dirty = waiting > 0 || dropped > 0;
    const text =
      this.#list.length === 0 && !dirty
        ? 'Tap a grain in the picture to say what it is, that it is none, or that it is several.'
        : `${amount(this.#list.length, 'correction')}, ${dirty ? 'not applied yet' : 'all applied'}.`;
    byId('corrections-text').textContent = this.#problem || text;
    byId<HTMLButtonElement>('apply').disabled = !dirty;
    byId<HTMLButtonElement>('undo').disabled = this.#list.length === 0;
    byId('corrections-save').hidden = this.#list.length === 0;
  }
}

/** A point by which a grain is found again. */
function placeOf({x, y, outline}: ScannedGrain): [number, number] {
  return rounded(pointWithin([x, y], outline));
}

function samePoint([ax, ay]: Point, [bx, by]: Point): boolean {
  return ax === bx && ay === by;
}
