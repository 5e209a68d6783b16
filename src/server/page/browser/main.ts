import {type Answer, ask} from './answers.ts';
import {type Card, makeCard, spoken} from './card.ts';
import {byId, make} from './elements.ts';
import {type Remembered, recall, remember, shrink} from './history.ts';
import {takePictures} from './intake.ts';

/** Requests at the same time. */
const CONCURRENCY = 4;

const list = byId('results');
const status = byId('status');
const tally = byId('tally');
const history = byId('history');
let entries: Remembered[] = recall();
const waiting: (() => Promise<void>)[] = [];
let running = 0;

for (const {name, picture, answer} of entries) {
  const card = makeCard(name, picture || undefined);
  card.show(answer);
  list.prepend(card.element);
}
count();
byId('clear').addEventListener('click', () => {
  entries = [];
  remember(entries);
  for (const image of list.querySelectorAll('img')) URL.revokeObjectURL(image.src);
  list.replaceChildren();
  count();
  status.textContent = 'The history is empty.';
  byId('choose').focus();
});
takePictures((files) => {
  for (const file of files) add(file);
  list.firstElementChild?.scrollIntoView({block: 'nearest', behavior: 'smooth'});
});

function add(file: File): void {
  const name = file.name || 'pasted picture';
  const card = makeCard(name, URL.createObjectURL(file), () => void enqueue(() => look(file, name, card)));
  list.prepend(card.element);
  history.hidden = false;
  enqueue(() => look(file, name, card));
}

async function look(file: File, name: string, card: Card): Promise<void> {
  const answer = await ask(file);
  card.show(answer);
  status.textContent = spoken(name, answer);
  if ('failure' in answer) return;
  entries.push({name, picture: await shrink(file), answer});
  remember(entries);
  count();
}

function enqueue(work: () => Promise<void>): void {
  waiting.push(work);
  if (running < CONCURRENCY) void run();
}

async function run(): Promise<void> {
  running++;
  for (let work = waiting.shift(); work; work = waiting.shift()) await work();
  running--;
}

/** Updates the number of pictures per variety. */
function count(): void {
  const counts = new Map<string, number>();
  for (const {answer} of entries) {
    const kind = kindOf(answer);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([kind, a], [other, b]) => b - a || (kind < other ? -1 : 1));
  tally.replaceChildren(...sorted.map(([kind, number]) => make('li', {}, `${kind} `, make('b', {}, `${number}`))));
  history.hidden = list.childElementCount === 0;
}

function kindOf(answer: Answer): string {
  if ('failure' in answer) return 'No answer';
  return answer.prediction.known ? answer.prediction.label : 'Unknown';
}
