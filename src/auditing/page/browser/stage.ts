import type {ReviewItem} from '../review-item.ts';
import type {Decision} from './decisions.ts';

/** Shows one picture, large, beside typical pictures of its label and of the one that it perhaps should have. */
export class Stage {
  readonly #stage = document.querySelector<HTMLElement>('.stage')!;
  readonly #typical: Map<string, HTMLImageElement[]>;

  /** @param labels of the groups of typical pictures, in the order of the page */
  constructor(labels: readonly string[]) {
    const groups = [...document.querySelectorAll<HTMLElement>('.group')];
    this.#typical = new Map(groups.map((group, i) => [labels[i], [...group.querySelectorAll('img')]]));
  }

  /** @param card the picture's card in the list */
  show(item: ReviewItem, card: HTMLElement, decision: Decision | undefined): void {
    const {path, label, suggested, reasons} = item;
    const image = card.querySelector('.frame > *')?.cloneNode(true);
    this.#stage.querySelector('.frame')!.replaceChildren(...(image ? [image] : []));
    const lines = [decision ? told(item, decision) : `Labeled ${label}. ${reasons.join('; ')}`, path];
    this.#stage.querySelector('figcaption')!.replaceChildren(
      ...lines.map((text, i) => {
        const line = document.createElement('p');
        line.textContent = text;
        line.className = i === 0 ? '' : 'note';
        return line;
      }),
    );
    this.#stage.classList.toggle('changed', decision !== undefined);
    const other = decision?.action === 'relabel' && decision.label !== label ? decision.label : suggested;
    this.#side('.given', label, 'Its label');
    this.#side('.suggested', other, other === suggested ? 'Suggested' : 'It gets');
  }

  #side(selector: string, label: string | undefined, what: string): void {
    const side = this.#stage.querySelector<HTMLElement>(selector)!;
    side.hidden = label === undefined;
    if (label === undefined) return;
    const small = document.createElement('small');
    small.textContent = what;
    const name = document.createElement('bdi');
    name.textContent = label;
    side.querySelector('h3')!.replaceChildren(small, name);
    const images = this.#typical.get(label) ?? [];
    side.querySelector('.typical')!.replaceChildren(...images.map((image) => image.cloneNode(true)));
  }
}

/** A decision in words. */
export function told({label}: ReviewItem, decision: Decision): string {
  if (decision.action === 'exclude') return 'Leave out';
  if (decision.action === 'keep') return `Keep ${label}`;
  return `Relabel as ${decision.label}`;
}
