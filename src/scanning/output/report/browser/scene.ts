import type {Filters} from './filters.ts';
import type {Panel} from './panel.ts';

const ZOOMS = [1, 2, 4];
/** A tap so many pixels of the screen from the middle of a grain still means it. */
const NEAR = 26;

/** One picture with its outlines. */
export class Scene {
  readonly #element: HTMLElement;
  readonly #panel: Panel;
  readonly #paths: SVGPathElement[];
  readonly #tip: HTMLElement;
  #zoom = 0;
  #selected: string | undefined;

  constructor(element: HTMLElement, panel: Panel) {
    this.#element = element;
    this.#panel = panel;
    this.#paths = [...element.querySelectorAll<SVGPathElement>('path.grain')];
    this.#tip = element.querySelector<HTMLElement>('.tip')!;
    const overlay = element.querySelector<SVGElement>('.overlay')!;
    overlay.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'mouse') this.#point(event);
    });
    overlay.addEventListener('pointerleave', () => this.#hideTip());
    overlay.addEventListener('click', (event) => {
      const path = this.#at(event);
      if (path) this.select(path.dataset.key!);
    });
    this.#onButton('.zoom-in', () => this.#zoomTo(this.#zoom + 1));
    this.#onButton('.zoom-out', () => this.#zoomTo(this.#zoom - 1));
    this.#onButton('.previous', () => this.#step(-1));
    this.#onButton('.next-grain', () => this.#step(1));
    this.#zoomTo(0);
  }

  has(key: string): boolean {
    return this.#paths.some((path) => path.dataset.key === key);
  }

  show(): void {
    this.#element.scrollIntoView({block: 'start'});
  }

  select(key: string): void {
    this.#selected = key;
    for (const path of this.#paths) path.classList.toggle('selected', path.dataset.key === key);
    const path = this.#paths.find((each) => each.dataset.key === key);
    if (!path) return;
    this.#panel.show(path);
    this.#hideTip();
  }

  /** Hides what the filters hide, and colors the rest. */
  refresh(filters: Filters): void {
    for (const path of this.#paths) {
      const {variety, grade, key} = path.dataset;
      const shown = filters.shows(variety!, grade!);
      path.classList.toggle('off', !shown);
      path.setAttribute('stroke', filters.colorOf(variety!, grade!));
      document.getElementById(`row-${key}`)?.toggleAttribute('hidden', !shown);
    }
    const shown = this.#shown.length;
    const count = this.#element.querySelector('.shown');
    if (count) count.textContent = shown === this.#paths.length ? '' : `${shown} of ${this.#paths.length} shown`;
  }

  get #shown(): SVGPathElement[] {
    return this.#paths.filter((path) => !path.classList.contains('off'));
  }

  #step(by: number): void {
    const shown = this.#shown;
    if (shown.length === 0) return;
    const now = shown.findIndex((path) => path.dataset.key === this.#selected);
    const next = now < 0 ? (by > 0 ? 0 : shown.length - 1) : (now + by + shown.length) % shown.length;
    this.select(shown[next].dataset.key!);
  }

  #point(event: PointerEvent): void {
    const path = this.#at(event);
    for (const each of this.#paths) each.classList.toggle('pointed', each === path);
    if (!path) {
      this.#hideTip();
      return;
    }
    const viewport = this.#element.querySelector('.viewport')!;
    const frame = viewport.getBoundingClientRect();
    this.#tip.textContent = path.dataset.tip!;
    this.#tip.hidden = false;
    const left = Math.min(event.clientX - frame.left + 14, frame.width - this.#tip.offsetWidth - 4);
    this.#tip.style.left = `${viewport.scrollLeft + Math.max(4, left)}px`;
    const top = Math.max(4, event.clientY - frame.top - this.#tip.offsetHeight - 10);
    this.#tip.style.top = `${viewport.scrollTop + top}px`;
  }

  #hideTip(): void {
    this.#tip.hidden = true;
    for (const path of this.#paths) path.classList.remove('pointed');
  }

  /** The grain under a point of the screen, or the nearest one close by. */
  #at(event: MouseEvent): SVGPathElement | undefined {
    const target = event.target as Element;
    if (target instanceof SVGPathElement && target.classList.contains('grain')) return target;
    let best: {away: number; path: SVGPathElement} | undefined;
    for (const path of this.#shown) {
      const box = path.getBoundingClientRect();
      const away = Math.hypot(box.left + box.width / 2 - event.clientX, box.top + box.height / 2 - event.clientY);
      if (away <= NEAR && away < (best?.away ?? Number.POSITIVE_INFINITY)) best = {away, path};
    }
    return best?.path;
  }

  #zoomTo(zoom: number): void {
    const last = ZOOMS.length - 1;
    this.#zoom = Math.max(0, Math.min(last, zoom));
    const viewport = this.#element.querySelector<HTMLElement>('.viewport')!;
    const middle = [0.5, 0.5].map((_, i) => {
      const [start, size, whole] =
        i === 0
          ? [viewport.scrollLeft, viewport.clientWidth, viewport.scrollWidth]
          : [viewport.scrollTop, viewport.clientHeight, viewport.scrollHeight];
      return (start + size / 2) / Math.max(1, whole);
    });
    this.#element.dataset.zoom = String(ZOOMS[this.#zoom]);
    viewport.scrollLeft = middle[0] * viewport.scrollWidth - viewport.clientWidth / 2;
    viewport.scrollTop = middle[1] * viewport.scrollHeight - viewport.clientHeight / 2;
    this.#element.querySelector<HTMLButtonElement>('.zoom-in')!.disabled = this.#zoom === last;
    this.#element.querySelector<HTMLButtonElement>('.zoom-out')!.disabled = this.#zoom === 0;
  }

  #onButton(selector: string, action: () => void): void {
    this.#element.querySelector(selector)?.addEventListener('click', action);
  }
}
