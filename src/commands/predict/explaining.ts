import {createProgress} from '../../cli/progress.ts';
import {defined} from '../../common/defined.ts';
import {fromFileSystemError, RiceError} from '../../common/errors.ts';
import {readPicture} from '../../dataset/read-file.ts';
import {Explainer, type ExplainerOptions} from '../../explanation/explainer.ts';
import {type ExplanationEntry, toExplanationEntry} from '../../explanation/explanation-entry.ts';
import {ExplanationFolder} from '../../explanation/explanation-folder.ts';
import {drawExplanation, type SimilarWindow} from '../../explanation/picture/draw-explanation.ts';
import {decodeImage} from '../../image/decode.ts';
import type {Prediction} from '../../model/classifier.ts';
import type {Answer} from '../../prediction/answer-batch.ts';
import type {Picture} from '../../prediction/picture.ts';
import type {Similar} from './similar.ts';

export interface ExplainingOptions extends ExplainerOptions {
  folder: string;
  against?: string;
  quiet: boolean;
}

/** What `rice predict --explain` does beside its answers. */
export class Explaining {
  readonly #explainer: Explainer;
  readonly #folder: ExplanationFolder;
  readonly #options: ExplainingOptions;
  /** The pictures that were explained. */
  count = 0;

  private constructor(explainer: Explainer, folder: ExplanationFolder, options: ExplainingOptions) {
    this.#explainer = explainer;
    this.#folder = folder;
    this.#options = options;
  }

  /** @throws RiceError as `Explainer.load`; PATH_NOT_WRITABLE; OUT_OF_RANGE for a label that the model does not know */
  static async open(options: ExplainingOptions): Promise<Explaining> {
    const folder = new ExplanationFolder(options.folder);
    const {model, threads, maxPixels, against} = options;
    const explainer = await Explainer.load(defined({model, threads, maxPixels}));
    try {
      if (against !== undefined) explainer.checkLabel(against);
      return new Explaining(explainer, folder, options);
    } catch (error) {
      await explainer.release();
      throw error;
    }
  }

  /**
   * Explains an answer, and writes the picture that shows it.
   *
   * @returns undefined for an answer that there is none of; the reason for one that cannot be explained
   * @throws RiceError if it cannot be written
   */
  async explain(
    picture: Picture,
    answer: Answer,
    similar?: Similar,
  ): Promise<ExplanationEntry | RiceError | undefined> {
    if (answer instanceof RiceError) return undefined;
    const frame = await frameOf(picture, this.#options);
    if (frame instanceof RiceError) return frame;
    const {label} = answer;
    const {against} = this.#options;
    // A label is not compared with itself, but with all others.
    const other = against === label ? undefined : against;
    const hiding = this.#explainer.method === 'occlusion';
    const bar = hiding ? this.#progress(picture.path) : undefined;
    try {
      const onProgress = bar && ((done: number) => bar.update(done));
      const explanation = await this.#explainer.explainFrame(frame, {label, ...defined({against: other, onProgress})});
      const file = this.#folder.add(
        picture.path,
        drawExplanation(frame, explanation, {...answer, similar: similarTo(answer, similar)}),
      );
      this.count++;
      return toExplanationEntry(explanation, file);
    } finally {
      bar?.stop();
    }
  }

  async release(): Promise<void> {
    await this.#explainer.release();
  }

  #progress(path: string) {
    const {quiet} = this.#options;
    return createProgress({label: `explaining ${path}`, unit: 'parts', quiet, plainLines: false});
  }
}

function similarTo(answer: Prediction, similar: Similar | undefined): SimilarWindow[] {
  if (!similar) return [];
  const windows = similar.windows(answer);
  return similar.find(answer).map(({label, similarity}, i) => ({label, similarity, window: windows[i]}));
}

async function frameOf({path, read}: Picture, {maxPixels}: ExplainerOptions) {
  try {
    const bytes = read ? await read() : await readPicture(path);
    return (await decodeImage(bytes, defined({maxPixels}))).frame;
  } catch (error) {
    return error instanceof RiceError ? error : fromFileSystemError(error, path, 'read');
  }
}
