import type {Question, Reply} from '../messages.ts';
import {Recognizer} from './recognizer.ts';

let recognizer: Recognizer | undefined;

/** Questions come one at a time: the page waits for each reply. */
self.addEventListener('message', async ({data}: MessageEvent<Question>) => {
  const reply = await replyTo(data);
  const shown = reply.kind === 'answer' ? reply.answer.seen : undefined;
  self.postMessage(reply, {transfer: shown ? [shown.picture.data.buffer, shown.window.data.buffer] : []});
});

async function replyTo(question: Question): Promise<Reply> {
  if (question.kind === 'picture')
    return {kind: 'answer', answer: await recognizer!.answer(question.name, question.picture)};
  try {
    recognizer = await Recognizer.open(question.opening);
    return {kind: 'opened'};
  } catch (error) {
    return {kind: 'failed', message: error instanceof Error ? error.message : String(error)};
  }
}
