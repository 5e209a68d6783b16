import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {decodeImage} from '../image/decode.ts';
import type {Frame} from '../image/frame.ts';
import type {WindowPlacement} from '../image/prepare.ts';
import type {WindowSize} from '../image/window/canvas.ts';
import {CAPTURE} from '../model/capture-numbers.ts';
import {findDescription} from '../model/external/find-description.ts';
import type {RiceMetadata} from '../model/metadata.ts';
import type {ModelAdapter, PreparedInput} from '../model/model-adapter.ts';
import {type ModelFile, readModelFile, shippedModel} from '../model/model-file.ts';
import {openModel} from '../model/open-model.ts';
import {type OpenEvidence, openEvidence} from './evidence/open-evidence.ts';
import {takeApart} from './evidence/take-apart.ts';
import {occlude} from './occlusion.ts';
import type {Explanation, Method} from './types.ts';

export interface ExplainerOptions {
  /** Path of an .onnx file, written by rice or external; default: the shipped model. */
  model?: string;
  /** CPU threads; default: one per core. */
  threads?: number;
  /** Larger images are rejected before they are decoded. */
  maxPixels?: number;
  /** Default: a class activation map where the network has one, occlusion otherwise. */
  method?: Method;
}

export interface ExplainOptions {
  /** The label to explain; default: the most probable one. */
  label?: string;
  /** The label to compare with; default: the mean of all others. */
  against?: string;
  /** Called while it computes, where that takes long. */
  onProgress?: (done: number, total: number) => void;
}

/** How far the parts may be from the score, in units of it, before they count as wrong. */
const TOLERANCE = 1e-3;

/** Explains the answers of a model. It computes on the CPU, one picture at a time. */
export class Explainer {
  readonly labels: readonly string[];
  readonly input: WindowSize;
  readonly #adapter: ModelAdapter;
  readonly #evidence: OpenEvidence | undefined;
  readonly #numbers: readonly string[];
  readonly #release: () => Promise<void>;
  readonly #options: ExplainerOptions;

  private constructor(
    {adapter, evidence, release}: {adapter: ModelAdapter; evidence?: OpenEvidence; release: () => Promise<void>},
    options: ExplainerOptions,
  ) {
    const {labels, input, training} = adapter.metadata as Partial<RiceMetadata> & ModelAdapter['metadata'];
    this.labels = labels;
    this.input = input;
    this.#adapter = adapter;
    this.#evidence = evidence;
    this.#release = release;
    this.#options = options;
    this.#numbers = training?.network === 'grain4' ? CAPTURE.map(({name}) => name) : [];
  }

  /**
   * Opens a model to explain its answers.
   *
   * @throws RiceError as `Classifier.load`; EXPLANATION_IMPOSSIBLE if a class activation map is asked for and the network has none
   */
  static async load(options: ExplainerOptions = {}): Promise<Explainer> {
    const file = readModelFile(options.model ?? shippedModel());
    const evidence = options.method === 'occlusion' ? undefined : await evidenceOf(file, options);
    if (evidence) return new Explainer({adapter: evidence.adapter, evidence, release: evidence.release}, options);
    if (options.method === 'class-activation-map')
      throw new RiceError('EXPLANATION_IMPOSSIBLE', `${file.path} has no feature map whose places sum to its score`);
    const {adapter, release} = await openModel(file.path, {device: 'cpu', ...defined({threads: options.threads})});
    return new Explainer({adapter, release}, options);
  }

  /** How this model's answers are explained. */
  get method(): Method {
    return this.#evidence ? 'class-activation-map' : 'occlusion';
  }

  /**
   * Explains the answer for an encoded picture.
   *
   * @throws RiceError IMAGE_EMPTY, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TRUNCATED or IMAGE_CORRUPT; OUT_OF_RANGE for a label
   *   that the model does not know
   */
  async explain(bytes: Uint8Array, options: ExplainOptions = {}): Promise<Explanation> {
    const {maxPixels} = this.#options;
    const {frame} = await decodeImage(bytes, defined({maxPixels}));
    return this.explainFrame(frame, options);
  }

  /** The same for decoded pixels. */
  explainFrame(frame: Frame, options: ExplainOptions = {}): Promise<Explanation> {
    return this.explainPrepared(this.#adapter.prepareFrame(frame), options);
  }

  /** The same for a window that was prepared for this model. */
  async explainPrepared(
    {window, placement = WHOLE}: Pick<PreparedInput, 'window' | 'placement'>,
    {label: named, against, onProgress}: ExplainOptions = {},
  ): Promise<Explanation> {
    const [{probabilities}] = await this.#adapter.infer([window], {features: false});
    const best = probabilities.indexOf(Math.max(...probabilities));
    const label = named === undefined ? best : this.#indexOf(named);
    const other = against === undefined ? undefined : this.#indexOf(against);
    const about = {
      label: this.labels[label],
      confidence: probabilities[label],
      window,
      placement,
      ...defined({against}),
    };
    const apart = this.#evidence && (await takeApart(this.#evidence, this.#weights(label, other), this.#numbers));
    const isWhole = apart && Math.abs(apart.rest) <= TOLERANCE * Math.max(1, Math.abs(apart.score.total));
    if (isWhole) return {method: 'class-activation-map', ...about, map: apart.map, score: apart.score};
    const map = await occlude(this.#adapter, window, label, defined({onProgress}));
    return {method: 'occlusion', ...about, map};
  }

  /** Closes the session; the explainer cannot be used afterwards. */
  async release(): Promise<void> {
    await this.#release();
  }

  /** @throws RiceError OUT_OF_RANGE for a label that the model does not know */
  checkLabel(label: string): void {
    this.#indexOf(label);
  }

  #indexOf(label: string): number {
    const index = this.labels.indexOf(label);
    if (index < 0)
      throw new RiceError('OUT_OF_RANGE', `the model does not know ${label}: its labels are ${this.labels.join(', ')}`);
    return index;
  }

  /** A common shift of all logits changes no probability, so a label's is compared with the others'. */
  #weights(label: number, against: number | undefined): Float32Array {
    const weights = new Float32Array(this.labels.length);
    if (against === undefined) weights.fill(-1 / (weights.length - 1));
    else weights[against] = -1;
    weights[label] = 1;
    return weights;
  }
}

/** A window whose place is not known is its own picture. */
const WHOLE: WindowPlacement = {x: 0, y: 0, rightX: 1, rightY: 0, downX: 0, downY: 1};

async function evidenceOf(file: ModelFile, {threads}: ExplainerOptions): Promise<OpenEvidence | undefined> {
  const description = file.metadata ? undefined : findDescription(file.path);
  if (file.mayLoop || (!file.metadata && !description)) return undefined;
  return openEvidence(file, description, defined({threads}));
}
