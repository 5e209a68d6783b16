import {byId} from './elements.ts';

const NAMES = ['one', 'scan'] as const;
export type Tab = (typeof NAMES)[number];

let current: Tab = 'one';

/** The tab that is shown. */
export function currentTab(): Tab {
  return current;
}

/** Shows the tabs if the server scans, and switches by click, arrow keys and the address: `#scan` opens the second one. */
export function watchTabs(): void {
  const list = document.getElementById('tabs');
  if (!list) return;
  list.hidden = false;
  for (const name of NAMES) tabOf(name).addEventListener('click', () => choose(name));
  list.addEventListener('keydown', (event) => {
    const step = {ArrowRight: 1, ArrowLeft: -1, Home: -NAMES.length, End: NAMES.length}[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const position = NAMES.indexOf(current) + step;
    const next = Math.abs(step) === 1 ? (position + NAMES.length) % NAMES.length : step < 0 ? 0 : NAMES.length - 1;
    choose(NAMES[next]);
    tabOf(NAMES[next]).focus();
  });
  const fromAddress = () => show(location.hash === '#scan' ? 'scan' : 'one');
  window.addEventListener('hashchange', fromAddress);
  fromAddress();
}

function choose(name: Tab): void {
  show(name);
  history.replaceState(null, '', name === 'scan' ? '#scan' : location.pathname + location.search);
}

function show(name: Tab): void {
  current = name;
  for (const each of NAMES) {
    const chosen = each === name;
    byId(`panel-${each}`).hidden = !chosen;
    tabOf(each).setAttribute('aria-selected', `${chosen}`);
    tabOf(each).tabIndex = chosen ? 0 : -1;
  }
}

function tabOf(name: Tab): HTMLElement {
  return byId(`tab-${name}`);
}
