import {save} from '../../../../server/page/browser/csv.ts';
import {byId, make} from '../../../../server/page/browser/elements.ts';
import {takePictures} from '../../../../server/page/browser/intake.ts';
import {Progress} from '../../../../server/page/browser/progress.ts';
import type {Exported} from '../../exported.ts';
import type {Answer} from '../messages.ts';
import {Answers} from './answers.ts';
import {watchCamera} from './camera.ts';
import {makeCard, spoken} from './card.ts';
import {Engine} from './engine.ts';
import {keepOffline} from './offline.ts';

const exported: Exported = JSON.parse(byId('data').textContent);
const list = byId('results');
const status = byId('status');
const answers = new Answers();
const progress = new Progress();
let given = 0;

const engine = Engine.open(exported);
byId('unstarted').hidden = location.protocol !== 'file:';
byId('loading').hidden = false;
engine.then(
  () => {
    byId('loading').hidden = true;
    void keepOffline(() => {
      byId('offline').hidden = false;
    });
  },
  (error: Error) => {
    byId('loading').hidden = true;
    fail(`The page cannot start: ${error.message}. Load it again; if that does not help, use a newer browser.`);
  },
);

takePictures({inputs: ['choose', 'photograph'], zone: 'drop', isOpen: () => true}, (files) => {
  for (const file of files) void look(file);
});
watchCamera((still) => {
  void look(still).then((said) => {
    byId('seen').textContent = said;
  });
}, fail);
byId('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(answers.toJson(exported.model));
    status.textContent = 'The answers are copied.';
  } catch {
    status.textContent = 'The browser does not let the page copy: download the answers instead.';
  }
});
byId('copy').hidden = navigator.clipboard === undefined;
byId('download').addEventListener('click', () => {
  save('rice.json', new Blob([answers.toJson(exported.model)], {type: 'application/json'}));
});
byId('clear').addEventListener('click', () => {
  answers.clear();
  list.replaceChildren();
  count();
  status.textContent = 'The answers are removed.';
  byId('choose').focus();
});

/** Answers a picture on a card of its own, the latest first. @returns what is said of it */
async function look(file: File): Promise<string> {
  const name = file.name || 'pasted picture';
  const position = given++;
  const card = makeCard(name);
  list.prepend(card.element);
  progress.begin();
  count();
  try {
    const {answer, seconds} = await (await engine).answer(name, file);
    // What was cleared in the meantime is gone.
    if (card.element.isConnected) answers.add(position, answer.entry, seconds);
    card.show(answer);
    // Of many, only how far they are is spoken.
    if (progress.total === 1) status.textContent = spoken(answer);
    return spoken(answer);
  } catch (error) {
    const answer: Answer = {entry: {path: name, code: 'INTERNAL', message: (error as Error).message}};
    card.show(answer);
    return spoken(answer);
  } finally {
    progress.end();
    count();
  }
}

function count(): void {
  byId('tally').replaceChildren(
    ...answers.counts().map(([kind, number]) => make('li', {}, `${kind} `, make('b', {}, `${number}`))),
  );
  byId('history').hidden = list.childElementCount === 0;
}

function fail(message: string): void {
  const place = byId('failure');
  place.textContent = message;
  place.hidden = false;
}
