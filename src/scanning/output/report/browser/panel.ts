const SVG = 'http://www.w3.org/2000/svg';
/** How much around a grain is shown, as a share of its size. */
const MARGIN = 0.35;

/** What is known of the grain that was chosen: enlarged, and its row of the table as a list. */
export class Panel {
  readonly #element: HTMLElement;
  readonly #image: HTMLImageElement;

  constructor(scene: HTMLElement) {
    this.#element = scene.querySelector<HTMLElement>('.panel')!;
    this.#image = scene.querySelector<HTMLImageElement>('img')!;
  }

  show(path: SVGPathElement): void {
    const key = path.dataset.key!;
    const list = document.createElement('dl');
    const title = document.createElement('h3');
    title.textContent = `Grain ${path.dataset.id}`;
    const row = document.getElementById(`row-${key}`);
    const heads = [...((row as HTMLTableRowElement | null)?.closest('table')?.querySelectorAll('thead th') ?? [])];
    [...((row as HTMLTableRowElement | null)?.cells ?? [])].forEach((cell, i) => {
      if (i === 0 || cell.textContent === '') return;
      const pair = document.createElement('div');
      pair.append(element('dt', heads[i].textContent ?? ''), element('dd', cell.textContent ?? ''));
      list.append(pair);
    });
    this.#element.querySelector('.chosen')!.replaceChildren(title, this.#enlarged(path), list);
  }

  #enlarged(path: SVGPathElement): SVGElement {
    const box = path.getBBox();
    const margin = Math.max(box.width, box.height) * MARGIN;
    const side = Math.max(box.width, box.height) + 2 * margin;
    const [left, top] = [box.x + box.width / 2 - side / 2, box.y + box.height / 2 - side / 2];
    const [width, height] = path.ownerSVGElement!.getAttribute('viewBox')!.split(' ').slice(2);
    const image = svg('image', {href: this.#image.src, width, height});
    const outline = svg('path', {
      d: path.getAttribute('d')!,
      fill: 'none',
      stroke: path.getAttribute('stroke')!,
      'stroke-width': String(side / 90),
    });
    const view = svg('svg', {viewBox: `${left} ${top} ${side} ${side}`, class: 'enlarged', 'aria-hidden': 'true'});
    view.append(image, outline);
    return view;
  }
}

function element(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function svg(name: string, attributes: Record<string, string>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}
