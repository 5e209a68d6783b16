import {type Answer, ask} from './answers.ts';
import {type Card, makeCard, spoken} from './card.ts';
import {saveCsv, toCsv} from './csv.ts';
import {byId, make} from './elements.ts';
import {watchDialog} from './enlarge.ts';
import {type Remembered, recall, remember, shrink} from './history.ts';
import {takePictures} from './intake.ts';
import {Progress} from './progress.ts';
import {takeSamples} from './samples.ts';
import {startScans} from './scan/scan-tab.ts';
import {currentTab, watchTabs} from './tabs.ts';

/** Requests at the same time. */
const CONCURRENCY = 4;
/** From this number of pictures on, each is one line. */
const COMPACT_FROM = 12;

const list = byId('results');
const status = byId('status');
const tally = byId('tally');
const history = byId('history');
const progress = new Progress();
let entries: Remembered[] = recall();
/** Pictures without an answer; they are not remembered. */
const failures = new Map<Card, {name: string; answer: Answer}>();
const waiting: (() => Promise<void>)[] = [];
let running = 0;

for (const {name, picture, answer} of entries) {
  const card = makeCard(name, picture || undefined);
  card.show(answer);
  list.prepend(card.element);
}
count();
watchDialog();
watchTabs();
byId('csv').addEventListener('click', () => saveCsv('rice.csv', toCsv([...entries, ...failures.values()])));
byId('clear').addEventListener('click', () => {
  entries = [];
  remember(entries);
  failures.clear();
  for (const image of list.querySelectorAll('img')) URL.revokeObjectURL(image.src);
  list.replaceChildren();
  count();
  status.textContent = 'The history is empty.';
  byId('choose').focus();
});
const oneGrain = {inputs: ['choose', 'photograph'], zone: 'drop', isOpen: () => currentTab() === 'one'};
takePictures(oneGrain, (files) => {
  for (const file of files) add(file);
  list.firstElementChild?.scrollIntoView({block: 'nearest', behavior: 'smooth'});
});
takeSamples(add);
if (document.getElementById('panel-scan')) startScans();
for (const part of document.querySelectorAll<HTMLElement>('#try')) part.hidden = false;

function add(file: File): void {
  const name = file.name || 'pasted picture';
  const card = makeCard(name, URL.createObjectURL(file), {
    onRetry: () => enqueue(() => look(file, name, card)),
    why: () => ask(file, true),
  });
  list.prepend(card.element);
  count();
  enqueue(() => look(file, name, card));
}

async function look(file: File, name: string, card: Card): Promise<void> {
  const answer = await ask(file);
  card.show(answer);
  // Of many, only how far they are is spoken.
  if (progress.total === 1) status.textContent = spoken(name, answer);
  failures.delete(card);
  if ('failure' in answer) failures.set(card, {name, answer});
  else {
    entries.push({name, picture: await shrink(file), answer});
    remember(entries);
  }
  count();
}

function enqueue(work: () => Promise<void>): void {
  progress.begin();
  waiting.push(work);
  if (running < CONCURRENCY) void run();
}

async function run(): Promise<void> {
  running++;
  for (let work = waiting.shift(); work; work = waiting.shift()) {
    await work();
    progress.end();
  }
  running--;
}

/** Updates the number of pictures per variety, and the form of the list. */
function count(): void {
  const counts = new Map<string, number>();
  for (const {answer} of [...entries, ...failures.values()]) {
    const kind = kindOf(answer);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([kind, a], [other, b]) => b - a || (kind < other ? -1 : 1));
  tally.replaceChildren(...sorted.map(([kind, number]) => make('li', {}, `${kind} `, make('b', {}, `${number}`))));
  history.hidden = list.childElementCount === 0;
  list.classList.toggle('compact', list.childElementCount >= COMPACT_FROM);
}

function kindOf(answer: Answer): string {
  if ('failure' in answer) return 'No answer';
  return answer.prediction.known ? answer.prediction.label : 'Unknown';
}
