import {copyFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {setImmediate, setTimeout} from 'node:timers/promises';
import {expect} from 'chai';
import {RiceError} from '../../src/common/errors.ts';
import {Classifier, type Prediction} from '../../src/model/classifier.ts';
import {type Classified, type ClassifyOptions, classifyPictures} from '../../src/prediction/classify-pictures.ts';
import type {Picture, PictureSource} from '../../src/prediction/picture.ts';
import {grainJpeg, LABELS, writeColorModel} from '../commands/pictures.ts';
import {useTemporaryFolder, writeTree} from '../dataset/fixtures.ts';
import {drawFrame, encodePng} from '../helpers/images.ts';
import {description, meansModel, writeModel} from '../model/external/models.ts';

/** A classifier that answers with the text of a picture as its label. */
class FakeClassifier {
  readonly device = 'webgpu';
  readonly model = {labels: ['a', 'b']};
  readonly batches: number[] = [];
  delay = 0;
  failure: Error | undefined;

  async classify(images: Uint8Array[]): Promise<(Prediction | RiceError)[]> {
    this.batches.push(images.length);
    await setTimeout(this.delay);
    if (this.failure) throw this.failure;
    return images.map((bytes) => {
      const label = Buffer.from(bytes).toString();
      if (label === 'bad') return new RiceError('IMAGE_CORRUPT', 'it is bad');
      return {label, confidence: 1, known: true, probabilities: {}};
    });
  }
}

const bytesOf = (text: string): Picture => ({path: text, read: async () => Buffer.from(text)});

async function* sourceOf(...portions: (Picture | string)[][]): PictureSource & AsyncGenerator<Picture[]> {
  for (const portion of portions) yield portion.map((each) => (typeof each === 'string' ? bytesOf(each) : each));
}

const textOf = ({picture, answer}: Classified) =>
  answer instanceof RiceError ? `${picture.path}: ${answer.code}` : `${picture.path}: ${answer.label}`;

describe('classifying pictures', () => {
  let fake: FakeClassifier;
  beforeEach(() => {
    fake = new FakeClassifier();
  });
  const classify = (source: PictureSource, options: Partial<ClassifyOptions> = {}) =>
    classifyPictures(fake as unknown as Classifier, source, {load: {}, ...options});

  async function answersOf(source: PictureSource, options: Partial<ClassifyOptions> = {}): Promise<string[]> {
    const all: string[] = [];
    for await (const batch of classify(source, options)) all.push(...batch.map(textOf));
    return all;
  }

  it('answers in the order of the pictures, in batches of the given size', async () => {
    const names = Array.from({length: 100}, (_, i) => `${i}`);
    const answers = await answersOf(sourceOf(names.slice(0, 70), [], names.slice(70)), {batchSize: 32});
    expect(answers).to.deep.equal(names.map((name) => `${name}: ${name}`));
    expect(fake.batches.reduce((sum, size) => sum + size)).to.equal(100);
    expect(fake.batches.slice(0, 2)).to.deep.equal([32, 32]);
    expect(Math.max(...fake.batches)).to.equal(32);
  });

  it('answers nothing without pictures', async () => {
    expect(await answersOf(sourceOf())).to.deep.equal([]);
    expect(await answersOf(sourceOf([], []))).to.deep.equal([]);
    expect(fake.batches).to.deep.equal([]);
  });

  it('puts each error in its place', async () => {
    const failing: Picture[] = [
      {path: 'folder', failure: new RiceError('PATH_NOT_READABLE', 'closed')},
      {path: 'gone.jpg'},
      {
        path: 'http://x',
        read: async () => {
          throw new RiceError('DOWNLOAD_FAILED', 'no');
        },
      },
    ];
    for (const batchSize of [1, 2, 32])
      expect(
        await answersOf(sourceOf([failing[0], 'a', 'bad', failing[1], 'b', failing[2]]), {batchSize}),
      ).to.deep.equal([
        'folder: PATH_NOT_READABLE',
        'a: a',
        'bad: IMAGE_CORRUPT',
        'gone.jpg: PATH_NOT_FOUND',
        'b: b',
        'http://x: DOWNLOAD_FAILED',
      ]);
  });

  it('reports a name in another encoding', async () => {
    const [batch] = [...(await collectBatches(classify(sourceOf([{path: 'caf\uFFFD.jpg'}]))))];
    expect((batch[0].answer as RiceError).message).to.equal('cannot read caf\uFFFD.jpg: its name is not UTF-8');
  });

  it('answers the pictures of a slow source at once', async () => {
    let next: (portion: Picture[]) => void = () => {};
    async function* trickling() {
      for (;;) {
        const portion = await new Promise<Picture[]>((resolve) => {
          next = resolve;
        });
        if (portion.length === 0) return;
        yield portion;
      }
    }
    const answers = classify(trickling());
    for (const text of ['a', 'b', 'c']) {
      const answer = answers.next();
      await setImmediate();
      next([bytesOf(text)]);
      expect(((await answer).value as Classified[]).map(textOf)).to.deep.equal([`${text}: ${text}`]);
    }
    const last = answers.next();
    await setImmediate();
    next([]);
    expect((await last).done).to.equal(true);
  });

  it('fills batches with pictures that arrived during a computation', async () => {
    fake.delay = 20;
    const answers = await answersOf(sourceOf(...Array.from({length: 100}, (_, i) => [`${i}`])));
    expect(answers).to.have.length(100);
    expect(fake.batches.length).to.be.below(10);
  });

  it('limits its read-ahead, so a source may be endless', async () => {
    let given = 0;
    async function* endless() {
      for (;;) {
        given += 50;
        yield Array.from({length: 50}, () => bytesOf('a'));
      }
    }
    let answered = 0;
    for await (const batch of classify(endless())) {
      answered += batch.length;
      if (answered > 5000) break;
    }
    expect(given - answered).to.be.below(600);
  });

  it('throws errors of the source, once all pictures before are answered', async () => {
    fake.delay = 5;
    for (const before of [0, 1, 70, 400]) {
      async function* failing() {
        for (let i = 0; i < before; i++) yield [bytesOf(`${i}`)];
        throw new RiceError('PATH_NOT_READABLE', 'the list is gone');
      }
      const answers: string[] = [];
      let thrown: unknown;
      try {
        for await (const batch of classify(failing())) answers.push(...batch.map(textOf));
      } catch (error) {
        thrown = error;
      }
      expect(thrown, `${before}`).to.have.property('message', 'the list is gone');
      expect(answers).to.have.length(before);
    }
  });

  it('throws errors of the classifier', async () => {
    fake.failure = new RiceError('MODEL_DESCRIPTION', 'NaN');
    const thrown = await answersOf(sourceOf(['a'])).catch((error) => error);
    expect(thrown).to.equal(fake.failure);
  });

  it('throws unexpected errors of a reader instead of reporting an unreadable picture', async () => {
    const broken: Picture = {path: 'x', read: () => Promise.reject(new TypeError('a defect'))};
    expect(await answersOf(sourceOf([broken])).catch((error) => error)).to.be.instanceOf(TypeError);
  });

  describe('after an abort', () => {
    it('answers pictures in flight, and reads no more', async () => {
      const stop = new AbortController();
      const answers: string[] = [];
      const names = Array.from({length: 500}, (_, i) => `${i}`);
      for await (const batch of classify(sourceOf(names), {signal: stop.signal, batchSize: 10})) {
        answers.push(...batch.map(textOf));
        stop.abort();
      }
      expect(answers).to.deep.equal(names.slice(0, answers.length).map((name) => `${name}: ${name}`));
      expect(answers.length).to.be.within(10, 40);
    });

    it('answers nothing if it was aborted before', async () => {
      expect(await answersOf(sourceOf(['a']), {signal: AbortSignal.abort()})).to.deep.equal([]);
    });

    it('does not wait for a source that waits', async () => {
      const stop = new AbortController();
      async function* waiting() {
        yield [bytesOf('a')];
        await new Promise(() => {});
      }
      const answers: string[] = [];
      for await (const batch of classify(waiting(), {signal: stop.signal})) {
        answers.push(...batch.map(textOf));
        setImmediate().then(() => stop.abort());
      }
      expect(answers).to.deep.equal(['a: a']);
    });

    it('does not wait for pictures that have not arrived, and omits them', async () => {
      const stop = new AbortController();
      const never = (signal?: AbortSignal) =>
        new Promise<Uint8Array>((_, reject) => signal!.addEventListener('abort', () => reject(new Error('stopped'))));
      setTimeout(20).then(() => stop.abort());
      expect(await answersOf(sourceOf(['a', {path: 'slow', read: never}, 'b']), {signal: stop.signal})).to.deep.equal([
        'a: a',
        'b: b',
      ]);
    });
  });

  describe('in worker threads', () => {
    const temporary = useTemporaryFolder();
    const model = () => join(temporary(), 'color.onnx');
    let classifier: Classifier | undefined;
    afterEach(() => classifier?.release());

    /** Many pictures in two colors, damaged ones and missing ones. */
    function writePictures(count: number): Picture[] {
      writeTree(temporary(), {'red.jpg': grainJpeg('Red'), 'blue.jpg': grainJpeg('Blue'), 'bad.jpg': 'no picture'});
      return Array.from({length: count}, (_, i) => ({
        path: join(temporary(), ['red.jpg', 'blue.jpg', 'bad.jpg', 'gone.jpg', 'blue.jpg'][i % 5]),
      }));
    }

    async function load(): Promise<Classifier> {
      writeColorModel(model());
      classifier = await Classifier.load({model: model(), device: 'cpu'});
      return classifier;
    }

    it('gives the same answers in the same order as this thread', async () => {
      const pictures = writePictures(1000);
      const memory = pictures.map((picture, i) =>
        i % 7 === 0 ? {...picture, read: async () => grainJpeg(i % 2 === 0 ? 'Red' : 'Blue')} : picture,
      );
      const here = await load();
      const run = async (threads: number) => {
        const source = sourceOf(memory.slice(0, 256), memory.slice(256, 999), memory.slice(999));
        const batches = await collectBatches(
          classifyPictures(here, source, {load: {model: model(), device: 'cpu'}, threads, batchSize: 16}),
        );
        return batches.flat().map(({picture, answer}) => {
          const known = answer instanceof RiceError ? answer.toJSON() : answer;
          return {path: picture.path, known};
        });
      };
      const alone = await run(0);
      expect(alone).to.have.length(1000);
      const kinds = alone.slice(1, 5).map(({known}) => ('label' in known ? known.label : known.code));
      expect(kinds).to.deep.equal([LABELS[0], 'IMAGE_UNSUPPORTED', 'PATH_NOT_FOUND', LABELS[0]]);
      expect(await run(2)).to.deep.equal(alone);
      expect(await run(3)).to.deep.equal(alone);
    });

    it('fails if the model file was replaced or removed since, instead of mixing two models', async () => {
      const pictures = writePictures(300);
      async function* forever() {
        for (;;) yield pictures;
      }
      const other = join(temporary(), 'other.onnx');
      writeColorModel(other, 'another');
      for (const [change, code] of [
        [() => copyFileSync(other, model()), 'MODEL_INVALID'],
        [() => rmSync(model()), 'MODEL_NOT_FOUND'],
      ] as const) {
        const here = await load();
        change();
        const answers = classifyPictures(here, forever(), {load: {model: model(), device: 'cpu'}, threads: 2});
        const thrown = await collectBatches(answers).catch((error) => error);
        expect(thrown).to.have.property('code', code);
        await here.release();
      }
    });

    it('can be aborted, and iteration can end early', async () => {
      const pictures = writePictures(2000);
      const here = await load();
      for (const leave of [false, true]) {
        const stop = new AbortController();
        const options = {load: {model: model(), device: 'cpu'} as const, threads: 2, signal: stop.signal};
        let answered = 0;
        for await (const batch of classifyPictures(here, sourceOf(pictures), options)) {
          answered += batch.length;
          if (answered < 500) continue;
          if (leave) break;
          stop.abort();
        }
        expect(answered).to.be.within(500, 1500);
      }
    });

    it('reports errors of an external model unchanged', async () => {
      const grey = (level: number) => encodePng(drawFrame(8, 6, () => [level, level, level]));
      writeTree(temporary(), {'fits.png': grey(85), 'does-not.png': grey(255)});
      // The means of the three channels add up to 1, as probabilities must, only for one level of grey.
      const document = description({output: 'probabilities'});
      const options = {model: writeModel(temporary(), 'means', meansModel(), document), device: 'cpu'} as const;
      classifier = await Classifier.load(options);
      async function* source() {
        for (let i = 0; i < 12; i++) yield Array.from({length: 256}, () => ({path: join(temporary(), 'fits.png')}));
        yield [{path: join(temporary(), 'does-not.png')}];
      }
      let answered = 0;
      let thrown: unknown;
      try {
        for await (const batch of classifyPictures(classifier, source(), {load: options, threads: 2}))
          answered += batch.length;
      } catch (error) {
        thrown = error;
      }
      expect(thrown).to.have.property('code', 'MODEL_DESCRIPTION');
      expect(answered).to.equal(12 * 256);
    });
  });
});

async function collectBatches(batches: AsyncIterable<Classified[]>): Promise<Classified[][]> {
  const all: Classified[][] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}
