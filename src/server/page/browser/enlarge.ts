import {byId, make} from './elements.ts';

/** Shows a card in full over the page: its picture large, with all that is said of it. */
export function enlarge(card: HTMLElement): void {
  const dialog = byId<HTMLDialogElement>('large');
  const copy = make('div', {class: 'card'});
  for (const part of card.children) copy.append(part.cloneNode(true));
  const frame = make('div', {class: 'frame'});
  frame.append(...(copy.querySelector('.frame')?.childNodes ?? []));
  for (const image of frame.querySelectorAll('img')) image.alt = image.alt.replace(/^Enlarge t/, 'T');
  copy.querySelector('.frame')?.replaceWith(frame);
  for (const button of copy.querySelectorAll('button')) button.remove();
  byId('large-content').replaceChildren(copy);
  dialog.showModal();
}

/** Closes it by its button, or by a click beside it; the browser does so by Escape. */
export function watchDialog(): void {
  const dialog = byId<HTMLDialogElement>('large');
  byId('close').addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', ({target}) => target === dialog && dialog.close());
}
