import {defined} from '../common/defined.ts';
import type {Flaw} from '../image/flaws/flaw.ts';
import {severeFlaws, slightFlaw} from '../image/flaws/flaws.ts';
import {windowFlaw} from '../image/flaws/window-flaws.ts';
import type {GrainMeasurements} from '../image/prepare.ts';
import {measureWindow, type WindowMeasurements} from '../image/window/measure-window.ts';
import type {ModelAdapter, ModelOutput, PreparedInput} from './model-adapter.ts';
import {
  isFarFromAll,
  type Reason,
  rejectionOf,
  type Scores,
  type Thresholds,
  withConfidence,
  withConfidenceUpTo,
} from './rejection.ts';
import {DEFAULT_TRUST, type Trust} from './trust.ts';

export interface Prediction {
  /** The most probable label, also where `known` is false. */
  label: string;
  /** Its probability. */
  confidence: number;
  /** False where the picture probably shows none of the labels. */
  known: boolean;
  reason?: Reason;
  probabilities: Record<string, number>;
  /** Distance of the grain from all labels, independent of the capture; only if the model computes it. */
  novelty?: number;
  /** Distance of scale, color and brightness from the training pictures; only if the model computes it. */
  capture?: number;
  /** Distance of the grain from all labels, its size, color and light taken at face value; only if the model computes it. */
  strangeness?: number;
  /** The same for size and proportions alone; only if the model computes it. */
  sizeNovelty?: number;
  /** Feature vector of the picture; only if `features` is set and the model has this output. */
  features?: Float32Array;
  /** Measurements of the grain, in pixels of the picture; missing if none was found or none was searched for. */
  grain?: GrainMeasurements;
  /** Remarks on how the picture was read. */
  notes?: string[];
  /** Measurements of the network's input; only if `measureWindows` is set. */
  window?: WindowMeasurements;
}

/** What answers are judged by, beside the thresholds of the model. */
export interface JudgeOptions {
  /** When an answer is accepted; default: `any-camera`. */
  trust?: Trust;
  /** An answer is unknown below this confidence, instead of the model's own; other reasons stay. */
  minConfidence?: number;
  /** Asks for no more confidence than this, where the model's thresholds or `minConfidence` would. */
  enoughConfidence?: number;
  /** Also measures brightness and area of each grain in its window, to compare them with the training pictures. */
  measureWindows?: boolean;
}

/** What may differ between calls. */
export interface CallOptions {
  /** Instead of the classifier's own. */
  trust?: Trust;
  /** Whether the pictures were cut around grains: that a grain reaches their borders says nothing then. */
  cutOut?: boolean;
}

/** From this share of the training pictures on, they are mostly such. */
const MOSTLY = 0.5;
/** From this share on, what was measured of the model was measured on such, too. */
const MANY = 0.1;

/** Makes predictions of a model's outputs: whether an answer is accepted, and if not, why. */
export class Judge {
  /** When answers are accepted, unless a call says otherwise. */
  readonly trust: Trust;

  readonly #adapter: Pick<ModelAdapter, 'metadata' | 'findsGrain'>;
  /** Whether the model learnt from pictures that are cut closely around their grains, or what from is not known. */
  readonly #learntCloseCuts: boolean;
  readonly #thresholds: Thresholds;
  readonly #measuresWindows: boolean;

  constructor(adapter: Pick<ModelAdapter, 'metadata' | 'findsGrain'>, options: JudgeOptions = {}) {
    const {unknown, training} = adapter.metadata;
    this.trust = options.trust ?? DEFAULT_TRUST;
    this.#adapter = adapter;
    this.#learntCloseCuts = training === undefined || (training.inputs?.closelyCut ?? 0) >= MOSTLY;
    this.#thresholds = thresholdsOf(unknown, options);
    this.#measuresWindows = options.measureWindows ?? false;
  }

  /** Judges a picture: what was seen of the grain, then the model's scores. */
  ofPicture({noticed, ...prepared}: PreparedInput, output: ModelOutput, call: CallOptions): Prediction {
    // A grain that was cut out lies alone, whatever its outline looks like.
    const seen = {...prepared, ...defined({noticed: call.cutOut ? undefined : noticed})};
    return this.#prediction(seen, output, call, this.#rejectionOfGrain(seen));
  }

  /** Judges a window whose picture is not known, by the model's outputs alone. */
  ofWindow(window: Uint8Array, output: ModelOutput, call: CallOptions): Prediction {
    return this.#prediction({window, notes: []}, output, call);
  }

  #prediction(
    prepared: PreparedInput,
    {probabilities, ...further}: ModelOutput,
    {trust = this.trust, cutOut = false}: CallOptions,
    rejection?: Reason,
  ): Prediction {
    const {window, grain, notes} = prepared;
    const {labels} = this.#adapter.metadata;
    const best = probabilities.indexOf(Math.max(...probabilities));
    const confidence = probabilities[best];
    const reason = rejection ?? this.#rejectionByScores({confidence, ...further}, prepared, {trust, cutOut});
    return {
      label: labels[best],
      confidence,
      known: reason === undefined,
      ...defined({reason}),
      probabilities: Object.fromEntries(labels.map((label, i) => [label, probabilities[i]])),
      ...further,
      ...defined({grain}),
      ...(notes.length === 0 ? {} : {notes}),
      ...(this.#measuresWindows ? {window: measureWindow(window)} : {}),
    };
  }

  #rejectionOfGrain(prepared: PreparedInput): Reason | undefined {
    const {grain} = prepared;
    if (this.#adapter.findsGrain && !grain) return 'no grain';
    if (grain && grain.objects > 1) return 'several grains';
    return severeFlaws(prepared).find((flaw) => !this.#learntFrom(flaw));
  }

  /** Where the picture has a flaw, that is why the model is not sure. */
  #rejectionByScores(
    scores: Scores,
    prepared: PreparedInput,
    {trust, cutOut}: Required<CallOptions>,
  ): Reason | undefined {
    const closelyCut = this.#learntCloseCuts ? undefined : prepared.closelyCut;
    const reason = rejectionOf(scores, this.#thresholds, {trust, closelyCut});
    if (reason === undefined || !this.#adapter.findsGrain) return reason;
    // Of what is cut closely, the scale is not known, however good the picture is.
    if (closelyCut && reason === 'capture too different to be sure') return reason;
    if (isFarFromAll(scores, this.#thresholds)) return reason;
    const flaw = slightFlaw(prepared) ?? windowFlaw(prepared.window, this.#adapter.metadata.input);
    return flaw === undefined || (cutOut && flaw === 'touching something') ? reason : flaw;
  }

  /** Whether many of the pictures that the model learnt from had a flaw, or what from is not known. */
  #learntFrom(flaw: Flaw): boolean {
    const {training} = this.#adapter.metadata;
    return training === undefined || (training.inputs?.flaws?.[flaw] ?? 0) >= MANY;
  }
}

/** The thresholds of the model with what was asked for instead. */
function thresholdsOf(unknown: Thresholds, {minConfidence, enoughConfidence}: JudgeOptions): Thresholds {
  const asked = minConfidence === undefined ? unknown : withConfidence(unknown, minConfidence);
  return enoughConfidence === undefined ? asked : withConfidenceUpTo(asked, enoughConfidence);
}
