import type {Point} from '../../../../scanning/types.ts';
import {byId, make, makeSvg} from '../elements.ts';
import {type Coloring, kindOf} from './colors.ts';
import type {ScannedGrain, ScannedPicture} from './document.ts';
import {distanceTo, isWithin} from './geometry.ts';

/** CSS pixels around a grain that count as a hit, for fingers. */
const REACH = 18;
/** CSS pixels that a pointer may move in a tap. */
const TAP = 6;
const ZOOMS = [1, 1.5, 2, 3, 4, 6, 8];

export interface StageEvents {
  /** A tap on a place, and the grain that is there. */
  onTap(at: Point, grain: ScannedGrain | undefined): void;
  /** A line was drawn, or its ends were tapped one after the other. */
  onLine(from: Point, to: Point): void;
  /** An arrow key: to the next grain or to the one before. */
  onStep(step: 1 | -1): void;
  onEscape(): void;
}

/** The picture with its outlines. Taps come as points in pixels of the picture. */
export class Stage {
  readonly #stage = byId('stage');
  readonly #sheet = byId('sheet');
  readonly #events: StageEvents;
  #image: HTMLImageElement | undefined;
  #overlay: SVGElement | undefined;
  #size = {width: 1, height: 1};
  #picture: ScannedPicture | undefined;
  #zoom = 0;
  #draws = false;
  #from: Point | undefined;
  #line: SVGElement | undefined;

  constructor(events: StageEvents) {
    this.#events = events;
    this.#watchPointer();
    this.#stage.addEventListener('keydown', (event) => {
      const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key] as 1 | -1 | undefined;
      if (event.key === 'Escape') events.onEscape();
      else if (event.key === '+' || event.key === '-') this.zoom(event.key === '+' ? 1 : -1);
      else if (step !== undefined) events.onStep(step);
      else return;
      event.preventDefault();
    });
    byId('zoom-in').addEventListener('click', () => this.zoom(1));
    byId('zoom-out').addEventListener('click', () => this.zoom(-1));
  }

  /** The picture as the browser shows it; undefined where it cannot. */
  get image(): HTMLImageElement | undefined {
    return this.#image;
  }

  /** Shows a picture without outlines. @param onSize called once its size is known */
  open(address: string, onSize: () => void): void {
    const image = make('img', {src: address, alt: ''});
    this.#image = undefined;
    this.#picture = undefined;
    this.#overlay = undefined;
    this.#sheet.replaceChildren(image);
    this.#setZoom(0);
    image.addEventListener('load', () => {
      this.#image = image;
      this.#resize(image.naturalWidth, image.naturalHeight);
      onSize();
    });
    image.addEventListener('error', () => {
      image.remove();
      onSize();
    });
  }

  /** Whether there is something to see. */
  get empty(): boolean {
    return this.#sheet.childElementCount === 0;
  }

  /** Outlines every grain. @param labels those that occur */
  show(picture: ScannedPicture, coloring: Coloring, labels: readonly string[]): void {
    this.#picture = picture;
    // The browser does not turn every format as its file says: outlines over a picture that lies on its side would be wrong.
    const image = this.#image;
    if (image && !fits(image, picture)) {
      image.remove();
      this.#image = undefined;
    }
    this.#resize(picture.width, picture.height);
    const casing = makeSvg('path', {class: 'casing', d: picture.grains.map(({outline}) => pathOf(outline)).join('')});
    const things = picture.objects.map(({x, y, width, height, outline}) =>
      outline
        ? makeSvg('path', {class: 'object', d: pathOf(outline)})
        : makeSvg('rect', {class: 'object', x, y, width, height}),
    );
    const outlines = picture.grains.map((grain) =>
      makeSvg('path', {
        class: `g ${kindOf(grain, coloring, labels).look}`,
        d: pathOf(grain.outline),
        'data-id': grain.id,
      }),
    );
    this.#overlay?.remove();
    this.#overlay = makeSvg(
      'svg',
      {viewBox: `0 0 ${picture.width} ${picture.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true'},
      ...things,
      casing,
      ...outlines,
    );
    this.#sheet.append(this.#overlay);
  }

  /** Marks grains. @param marks id -> class of the style sheet */
  mark(marks: ReadonlyMap<number, readonly string[]>): void {
    for (const outline of this.#overlay?.querySelectorAll('[data-id]') ?? []) {
      const wanted = marks.get(Number(outline.getAttribute('data-id'))) ?? [];
      for (const each of ['chosen', 'partner', 'changed']) outline.classList.toggle(each, wanted.includes(each));
    }
  }

  /** Shows lines where grains will be cut. */
  showCuts(cuts: readonly (readonly [Point, Point])[]): void {
    for (const line of this.#overlay?.querySelectorAll('.cut') ?? []) line.remove();
    this.#overlay?.append(...cuts.map(([from, to]) => makeLine(from, to)));
  }

  /** Whether lines are drawn instead of grains chosen. */
  set draws(draws: boolean) {
    this.#draws = draws;
    this.#stage.classList.toggle('draws', draws);
    this.#dropLine();
  }

  /** Brings a grain into the middle of what is seen, where it is not seen yet. */
  reveal({x, y}: {x: number; y: number}): void {
    const {clientWidth, clientHeight, scrollLeft, scrollTop} = this.#stage;
    const left = (x / this.#size.width) * this.#sheet.offsetWidth;
    const top = (y / this.#size.height) * this.#sheet.offsetHeight;
    const seen =
      left > scrollLeft && left < scrollLeft + clientWidth && top > scrollTop && top < scrollTop + clientHeight;
    if (!seen) this.#stage.scrollTo({left: left - clientWidth / 2, top: top - clientHeight / 2});
  }

  zoom(step: 1 | -1): void {
    const {scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight} = this.#stage;
    const [x, y] = [(scrollLeft + clientWidth / 2) / scrollWidth, (scrollTop + clientHeight / 2) / scrollHeight];
    this.#setZoom(Math.max(0, Math.min(ZOOMS.length - 1, this.#zoom + step)));
    this.#stage.scrollTo({
      left: x * this.#stage.scrollWidth - clientWidth / 2,
      top: y * this.#stage.scrollHeight - clientHeight / 2,
    });
  }

  #setZoom(zoom: number): void {
    this.#zoom = zoom;
    // The page's policy allows styles set by a script.
    this.#sheet.style.width = `${ZOOMS[zoom] * 100}%`;
  }

  #resize(width: number, height: number): void {
    this.#size = {width, height};
    this.#sheet.style.aspectRatio = `${width} / ${height}`;
  }

  #watchPointer(): void {
    let down: {at: Point; x: number; y: number} | undefined;
    const sheet = this.#sheet;
    sheet.addEventListener('pointerdown', (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      down = {at: this.#pointOf(event), x: event.clientX, y: event.clientY};
      if (this.#draws) sheet.setPointerCapture(event.pointerId);
    });
    sheet.addEventListener('pointermove', (event) => {
      const start = down?.at ?? this.#from;
      if (this.#draws && start) this.#drawLine(start, this.#pointOf(event));
    });
    sheet.addEventListener('pointercancel', () => {
      down = undefined;
    });
    sheet.addEventListener('pointerup', (event) => {
      if (!down) return;
      const at = this.#pointOf(event);
      const tapped = Math.hypot(event.clientX - down.x, event.clientY - down.y) <= TAP;
      const from = tapped ? this.#from : down.at;
      down = undefined;
      if (!this.#draws) {
        if (tapped) this.#events.onTap(at, this.#grainAt(at));
      } else if (from) {
        this.#dropLine();
        this.#events.onLine(from, at);
      } else this.#from = at;
    });
  }

  #pointOf({clientX, clientY}: PointerEvent): Point {
    const {left, top, width, height} = this.#sheet.getBoundingClientRect();
    return [((clientX - left) / width) * this.#size.width, ((clientY - top) / height) * this.#size.height];
  }

  /** The grain at a place, or the nearest one within reach of a finger. */
  #grainAt(at: Point): ScannedGrain | undefined {
    const grains = this.#picture?.grains ?? [];
    const hit = grains.find(({outline}) => isWithin(at, outline));
    if (hit) return hit;
    const reach = (REACH * this.#size.width) / this.#sheet.offsetWidth;
    let [least, nearest] = [reach, undefined as ScannedGrain | undefined];
    for (const grain of grains) {
      const distance = distanceTo(at, grain.outline);
      if (distance < least) [least, nearest] = [distance, grain];
    }
    return nearest;
  }

  #drawLine(from: Point, to: Point): void {
    this.#line?.remove();
    this.#line = makeLine(from, to);
    this.#overlay?.append(this.#line);
  }

  #dropLine(): void {
    this.#line?.remove();
    this.#from = undefined;
  }
}

function fits({naturalWidth, naturalHeight}: HTMLImageElement, {width, height}: ScannedPicture): boolean {
  return Math.abs(naturalWidth / naturalHeight / (width / height) - 1) < 0.01;
}

function pathOf(outline: readonly Point[]): string {
  return `M${outline.map((point) => point.join(' ')).join('L')}Z`;
}

function makeLine([x1, y1]: Point, [x2, y2]: Point): SVGElement {
  return makeSvg('line', {class: 'cut', x1, y1, x2, y2});
}
