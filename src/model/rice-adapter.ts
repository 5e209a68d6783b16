import type {InferenceSession} from 'onnxruntime-node';
import type {DecodeOptions} from '../image/decode.ts';
import type {Frame} from '../image/frame.ts';
import {type PreparedFrame, type PreparedImage, prepareFrame, prepareImage} from '../image/prepare.ts';
import type {RiceMetadata} from './metadata.ts';
import type {ModelAdapter, ModelOutput} from './model-adapter.ts';
import type {ModelOutputs} from './outputs.ts';
import {rowsOf, scoreRows} from './rows.ts';
import {runSession} from './run-session.ts';
import {joinWindows} from './window-memory.ts';

/** Models written by rice: levels in, probabilities out; scaling, temperature and softmax are in the graph. */
export class RiceAdapter implements ModelAdapter {
  readonly findsGrain: boolean;
  readonly #session: InferenceSession;
  readonly #model: string;

  /** @param model path of the .onnx file, for messages */
  constructor(
    readonly metadata: RiceMetadata,
    readonly outputs: ModelOutputs,
    session: InferenceSession,
    model: string,
  ) {
    this.findsGrain = metadata.input.resize === 'aligned-grain';
    this.#session = session;
    this.#model = model;
  }

  prepare(bytes: Uint8Array, options: DecodeOptions, into: Uint8Array): Promise<PreparedImage> {
    return prepareImage(bytes, this.metadata.input, {...options, wholeFrame: !this.findsGrain}, into);
  }

  prepareFrame(frame: Frame): PreparedFrame {
    return prepareFrame(frame, this.metadata.input, undefined, {wholeFrame: !this.findsGrain});
  }

  async infer(windows: Uint8Array[], {features}: {features: boolean}): Promise<ModelOutput[]> {
    const {labels, input} = this.metadata;
    const {scores} = this.outputs;
    const {width, height} = input;
    const {Tensor} = await import('onnxruntime-node');
    const image = new Tensor('uint8', joinWindows(windows), [windows.length, height, width, 3]);
    const withFeatures = features && this.outputs.features !== 0;
    const wanted = ['probabilities', ...scores, ...(withFeatures ? ['features'] : [])];
    const results = await runSession(this.#session, {image}, this.#model, wanted);
    const rows = scoreRows(results.probabilities, windows.length, labels.length, this.#model);
    const outputs = rows.map((probabilities): ModelOutput => ({probabilities}));
    for (const name of scores)
      (results[name].data as Float32Array).forEach((score, i) => {
        outputs[i][name] = finite(score);
      });
    if (withFeatures)
      rowsOf(results.features, results.features.dims[1]).forEach((row, i) => {
        outputs[i].features = row;
      });
    return outputs;
  }
}

const LARGEST_FLOAT32 = 2 ** 128 - 2 ** 104;

/** A score that is not finite counts as the largest distance, since JSON has no infinity. */
function finite(score: number): number {
  return Number.isNaN(score) ? LARGEST_FLOAT32 : Math.min(LARGEST_FLOAT32, Math.max(-LARGEST_FLOAT32, score));
}
