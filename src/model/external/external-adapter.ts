import type {InferenceSession, Tensor} from 'onnxruntime-node';
import {RiceError} from '../../common/errors.ts';
import type {DecodeOptions} from '../../image/decode.ts';
import type {Frame} from '../../image/frame.ts';
import {prepareFrame, prepareImage} from '../../image/prepare.ts';
import {fitFrame, fitImage, fitPlacement} from '../../image/resize/fit-image.ts';
import {type TensorWriter, tensorWriter} from '../../image/resize/to-tensor.ts';
import type {ModelMetadata} from '../metadata.ts';
import type {ModelAdapter, ModelOutput, PreparedInput} from '../model-adapter.ts';
import {NO_OUTPUTS} from '../outputs.ts';
import {rowsOf} from '../rows.ts';
import {runSession} from '../run-session.ts';
import type {Description} from './description.ts';
import {checkedProbabilities, lookLikeProbabilities, softmax} from './scores.ts';
import {labelMismatch, type Signature, signatureOf} from './signature.ts';

/** External networks are large: bigger batches are hardly faster, and memory grows with the batch. */
const MAX_BATCH = 16;

/** External models: float32 in, scores out; the description says how to prepare the input and read the output. */
export class ExternalAdapter implements ModelAdapter {
  readonly metadata: ModelMetadata;
  readonly outputs = NO_OUTPUTS;
  readonly findsGrain: boolean;
  readonly #signature: Signature;
  readonly #write: TensorWriter;
  #checkedLogits = false;
  readonly #description: Description;
  readonly #session: InferenceSession;
  readonly #model: string;
  readonly #onWarning: (message: string) => void;

  /**
   * @param model path of the .onnx file, for messages
   * @throws RiceError MODEL_INVALID or MODEL_DESCRIPTION if graph and description do not match
   */
  constructor(
    description: Description,
    session: InferenceSession,
    model: string,
    onWarning: (message: string) => void,
  ) {
    this.#description = description;
    this.#session = session;
    this.#model = model;
    this.#onWarning = onWarning;
    const {name, version, labels, format, resize, temperature, unknown} = description;
    const {width, height} = format;
    this.#signature = signatureOf(session, description, model);
    this.#write = tensorWriter({...format, layout: this.#signature.layout});
    this.metadata = {name, version, labels, input: {width, height, resize}, temperature, unknown};
    this.findsGrain = resize === 'aligned-grain';
  }

  prepare(bytes: Uint8Array, options: DecodeOptions): Promise<PreparedInput> {
    const {format, resize, fitting} = this.#description;
    const {width, height} = format;
    if (resize === 'aligned-grain') return prepareImage(bytes, {width, height}, options);
    return fitImage(bytes, {width, height, fit: resize, ...fitting}, options);
  }

  prepareFrame(frame: Frame): PreparedInput {
    const {format, resize, fitting} = this.#description;
    const {width, height} = format;
    if (resize === 'aligned-grain') return prepareFrame(frame, {width, height});
    const fit = {width, height, fit: resize, ...fitting};
    return {window: fitFrame(frame, fit), placement: fitPlacement(frame, fit), notes: []};
  }

  async infer(windows: Uint8Array[]): Promise<ModelOutput[]> {
    const size = this.#signature.batch ?? MAX_BATCH;
    const rows: Float32Array[] = [];
    for (let start = 0; start < windows.length; start += size)
      rows.push(...(await this.#scores(windows.slice(start, start + size))));
    const {output, temperature} = this.#description;
    if (output === 'logits') this.#warnOnceIfProbabilities(rows);
    return rows.map((row) => ({
      probabilities:
        output === 'logits' ? softmax(row, temperature) : checkedProbabilities(row, temperature, this.#model),
    }));
  }

  /** Runs the graph once. If it has a fixed batch size, the batch is padded with empty pictures. */
  async #scores(windows: Uint8Array[]): Promise<Float32Array[]> {
    const {width, height} = this.#description.format;
    const {input, output, layout, batch: fixed} = this.#signature;
    const count = fixed ?? windows.length;
    const batch = new Float32Array(count * width * height * 3);
    windows.forEach((window, i) => {
      this.#write(window, batch, i);
    });
    const shape = layout === 'nchw' ? [count, 3, height, width] : [count, height, width, 3];
    const {Tensor} = await import('onnxruntime-node');
    const feeds = {[input]: new Tensor('float32', batch, shape)};
    const results = await runSession(this.#session, feeds, this.#model);
    return this.#rows(results[output], count).slice(0, windows.length);
  }

  /** Checks what the graph's declared shapes may leave open until it runs. */
  #rows(tensor: Tensor, count: number): Float32Array[] {
    const {labels, path} = this.#description;
    const [rows, columns] = tensor.dims;
    if (tensor.dims.length !== 2 || rows !== count)
      throw new RiceError(
        'MODEL_INVALID',
        `${this.#model} gave [${tensor.dims}] for ${count} pictures, not [N, labels]`,
      );
    if (columns !== labels.length) throw labelMismatch(path, labels.length, columns, this.#model);
    const scores = rowsOf(tensor, columns);
    if (scores.some((row) => row.some((score) => !Number.isFinite(score))))
      throw new RiceError('MODEL_INVALID', `${this.#model} gave scores that are not finite numbers`, {
        suggestions: ['Check range, mean and std in the JSON file.', 'Export the network again in float32.'],
      });
    return scores;
  }

  /** A softmax applied twice gives the same labels but meaningless confidences: an easy mistake, and hard to notice. */
  #warnOnceIfProbabilities(rows: Float32Array[]): void {
    if (this.#checkedLogits || rows.length === 0) return;
    this.#checkedLogits = true;
    if (!lookLikeProbabilities(rows)) return;
    const {path} = this.#description;
    this.#onWarning(
      `${path} says that the output is logits, but it looks like probabilities; if so, set output to "probabilities"`,
    );
  }
}
