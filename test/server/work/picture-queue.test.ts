import {setImmediate} from 'node:timers/promises';
import {expect} from 'chai';
import {RiceError} from '../../../src/common/errors.ts';
import {MAX_BATCH, PictureQueue} from '../../../src/server/work/picture-queue.ts';
import {WorkerSupervisor} from '../../../src/server/work/worker-supervisor.ts';
import {drawFrame, encodePng} from '../../helpers/images.ts';
import {FakeThreads, WARM_UP} from './fake-threads.ts';

const inputs = (...numbers: number[]) => numbers.map((number) => Uint8Array.of(number));
/** As much as two pictures of 9 megapixels take. */
const MEMORY = 120_000_000;
const never = new AbortController().signal;

/** A picture whose header declares the given number of pixels. */
function claiming(width: number, height: number): Buffer {
  const png = encodePng(drawFrame(1, 1, () => [0, 0, 0]));
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  return png;
}

describe('the queue of pictures', () => {
  const sizes: number[] = [];
  async function open(size: number, limit: number) {
    sizes.length = 0;
    const threads = new FakeThreads();
    const nothing = () => {};
    const supervisor = new WorkerSupervisor(() => threads, size, WARM_UP, {
      onReady: () => queue.dispatch(),
      onRestart: nothing,
      onGone: nothing,
    });
    const queue: PictureQueue = new PictureQueue(supervisor, limit, MEMORY, {
      onBatch: (count) => sizes.push(count),
      onWait: nothing,
    });
    while (!supervisor.ready) await setImmediate();
    return {queue, supervisor, batches: threads.batches};
  }
  const shape = (batches: {inputs: Uint8Array[]}[]) => batches.map((batch) => batch.inputs.map(([first]) => first));
  const labels = async (answers: Promise<unknown[]>) =>
    (await answers).map((answer) => (answer as {label: string}).label);

  it('dispatches a picture to a free thread at once, and waiting pictures as a batch', async () => {
    const {queue, batches} = await open(1, 10);
    const ask = (number: number) => labels(queue.classify('pictures', inputs(number), never));
    const answers = [ask(1)];
    await setImmediate();
    answers.push(ask(2), ask(3));
    expect(shape(batches)).to.deep.equal([[1]]);
    expect(queue.depth).to.equal(2);
    batches[0].answer();
    await answers[0];
    await setImmediate();
    expect(shape(batches)).to.deep.equal([[1], [2, 3]]);
    batches[1].answer();
    expect(await Promise.all(answers)).to.deep.equal([['1'], ['2'], ['3']]);
    expect(sizes).to.deep.equal([1, 2]);
  });

  it('serves requests in turn, a batch each', async () => {
    const {queue, batches} = await open(1, 10);
    const large = Array.from({length: 4}, () => claiming(3000, 3000));
    const first = queue.classify('pictures', large, never);
    await setImmediate();
    const second = queue.classify('pictures', inputs(1), never);
    expect(batches.map((batch) => batch.inputs.length)).to.deep.equal([1]);
    for (let count = 0; count < 5; count++) {
      batches[count].answer();
      await setImmediate();
    }
    expect(batches.map((batch) => batch.inputs[0].length === 1)).to.deep.equal([false, true, false, false, false]);
    await Promise.all([first, second]);
  });

  it('batches requests that arrive in the same turn of the event loop', async () => {
    const {queue, batches} = await open(2, 10);
    const answers = [1, 2, 3, 4].map((number) => labels(queue.classify('pictures', inputs(number), never)));
    expect([shape(batches), queue.depth]).to.deep.equal([[], 4]);
    await setImmediate();
    expect(shape(batches)).to.deep.equal([
      [1, 2],
      [3, 4],
    ]);
    for (const batch of batches) batch.answer();
    expect(await Promise.all(answers)).to.deep.equal([['1'], ['2'], ['3'], ['4']]);
  });

  it('divides a request among free threads, and keeps its answers in order', async () => {
    const {queue, batches} = await open(3, 10);
    const answers = labels(queue.classify('pictures', inputs(1, 2, 3, 4, 5), never));
    await setImmediate();
    expect(shape(batches)).to.deep.equal([[1, 2], [3, 4], [5]]);
    for (const batch of [...batches].reverse()) batch.answer();
    expect(await answers).to.deep.equal(['1', '2', '3', '4', '5']);
  });

  it('limits batches by pictures and by the time that these take', async () => {
    const {queue, batches} = await open(1, 1000);
    const first = queue.classify('pictures', inputs(0), never);
    await setImmediate();
    const many = queue.classify(
      'pictures',
      Array.from({length: MAX_BATCH + 1}, () => Uint8Array.of(1)),
      never,
    );
    const large = queue.classify('pictures', [claiming(1000, 1500), claiming(1000, 1500)], never);
    for (let i = 0; i < 4; i++) {
      batches[i].answer();
      await setImmediate();
    }
    await Promise.all([first, many, large]);
    expect(batches.map((batch) => batch.inputs.length)).to.deep.equal([1, MAX_BATCH, 1, 2]);
  });

  it('leaves a thread to cheap pictures', async () => {
    const {queue, batches} = await open(2, 100);
    const costly = [1, 2, 3].map(() => queue.classify('pictures', [claiming(3000, 2500)], never));
    await setImmediate();
    expect(batches.map((batch) => batch.inputs.length)).to.deep.equal([1]);
    const cheap = queue.classify('pictures', inputs(7), never);
    await setImmediate();
    expect(batches[1].inputs[0][0], 'the cheap one').to.equal(7);
    for (let i = 0; i < 4; i++) {
      batches[i].answer();
      await setImmediate();
    }
    await Promise.all([...costly, cheap]);
  });

  it('dispatches no more than memory allows, and what takes more than that alone', async () => {
    const {queue, batches} = await open(4, 100);
    const sent = [3000, 3000, 3000, 6000].map((side) => queue.classify('pictures', [claiming(side, 3000)], never));
    await setImmediate();
    expect(batches.length, 'of 54 MB each').to.equal(2);
    batches[0].answer();
    await setImmediate();
    expect(batches).to.have.length(3);
    batches[1].answer();
    await setImmediate();
    expect(batches, 'of 108 MB').to.have.length(3);
    batches[2].answer();
    await setImmediate();
    batches[3].answer();
    await Promise.all(sent);
  });

  it('never mixes pictures and windows', async () => {
    const {queue, batches} = await open(1, 10);
    const kinds = ['pictures', 'pictures', 'windows', 'pictures'] as const;
    const answers = [];
    for (const [i, kind] of kinds.entries()) {
      answers.push(queue.classify(kind, inputs(i), never));
      await setImmediate();
    }
    for (let i = 0; i < 4; i++) {
      batches[i].answer();
      await answers[i];
      await setImmediate();
    }
    expect(shape(batches)).to.deep.equal([[0], [1], [2], [3]]);
  });

  it('accepts a request as a whole or not at all', async () => {
    const {queue, batches} = await open(1, 3);
    const first = queue.classify('pictures', inputs(1), never);
    await setImmediate();
    const second = queue.classify('pictures', inputs(2, 3), never);
    const code = (answers: Promise<unknown>) =>
      answers.then(
        () => 'taken',
        ({code}: RiceError) => code,
      );
    expect(await code(queue.classify('pictures', inputs(4, 5), never))).to.equal('SERVER_BUSY');
    expect(await code(queue.classify('pictures', inputs(4, 5, 6, 7), never))).to.equal('REQUEST_TOO_LARGE');
    const third = queue.classify('pictures', inputs(6), never);
    batches[0].answer();
    await first;
    await setImmediate();
    batches[1].answer();
    expect(await labels(second)).to.deep.equal(['2', '3']);
    expect(await labels(third)).to.deep.equal(['6']);
    expect(queue.depth).to.equal(0);
  });

  it('drops aborted requests', async () => {
    const {queue, batches} = await open(1, 4);
    const first = queue.classify('pictures', inputs(1), never);
    await setImmediate();
    const patience = new AbortController();
    const given = queue.classify('pictures', inputs(2, 3), patience.signal);
    const last = queue.classify('pictures', inputs(4), never);
    patience.abort(new RiceError('ANSWER_TIMEOUT', 'late'));
    expect(await given.catch(({code}) => code)).to.equal('ANSWER_TIMEOUT');
    expect(queue.depth).to.equal(1);
    batches[0].answer();
    await first;
    await setImmediate();
    batches[1].answer();
    await last;
    expect(shape(batches)).to.deep.equal([[1], [4]]);
    const late = queue.classify('pictures', inputs(5), patience.signal);
    expect(await late.catch(({code}) => code)).to.equal('ANSWER_TIMEOUT');
  });

  it('fails all requests of a failed batch, including their waiting pictures', async () => {
    const {queue, batches} = await open(1, 100);
    const long = queue.classify(
      'pictures',
      Array.from({length: 40}, (_, i) => Uint8Array.of(i)),
      never,
    );
    await setImmediate();
    expect(queue.depth).to.equal(8);
    batches[0].fail(new RiceError('MODEL_INVALID', 'no'));
    expect(await long.catch(({code}) => code)).to.equal('MODEL_INVALID');
    expect(queue.depth).to.equal(0);
    const next = queue.classify('pictures', inputs(7), never);
    await setImmediate();
    batches.at(-1)!.answer();
    expect(await labels(next)).to.deep.equal(['7']);
  });
});
