import type {ReviewData} from '../review-item.ts';
import {Review} from './review.ts';

/** Without this script the page is a list. */
const data = JSON.parse(document.getElementById('data')!.textContent!) as ReviewData;
if (data.items.length > 0) {
  document.documentElement.classList.add('live');
  const review = new Review(data);
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-do]'))
    button.addEventListener('click', () => review.run(button.dataset.do!));
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.label'))
    button.addEventListener('click', () => review.relabel(Number(button.dataset.label)));
  for (const button of document.querySelectorAll<HTMLButtonElement>('button.look'))
    button.addEventListener('click', () => review.look(Number(button.dataset.item)));
  const keys: Record<string, string> = {
    a: 'accept',
    k: 'keep',
    x: 'exclude',
    u: 'undo',
    s: 'save',
    arrowleft: 'previous',
    arrowright: 'next',
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const key = event.key.toLowerCase();
    if (/^[1-9]$/.test(key)) review.relabel(Number(key) - 1);
    else if (Object.hasOwn(keys, key)) review.run(keys[key]);
    else return;
    event.preventDefault();
  });
}
