import {env, InferenceSession} from 'onnxruntime-web/wasm';
import {RiceError} from '../../../../common/errors.ts';
import type {Frame} from '../../../../image/frame.ts';
import {shrinkFrame} from '../../../../image/resize/shrink.ts';
import {Judge} from '../../../../model/judge.ts';
import {describeModel} from '../../../../model/metadata.ts';
import type {PreparedInput} from '../../../../model/model-adapter.ts';
import {RiceAdapter} from '../../../../model/rice-adapter.ts';
import {toEntry} from '../../../../prediction/entry.ts';
import type {Answer, Opening} from '../messages.ts';
import {useDecoded} from './decode.ts';
import {setKernelsCode} from './kernels-code.ts';
import {shownPixels} from './pixels.ts';

/** The longer side of the pictures that are shown. */
const SHOWN_SIDE = 480;
const MODEL = 'the model';

/** What is kept of a picture once its pixels are gone. */
interface Read {
  prepared: PreparedInput;
  small: Frame;
  width: number;
  height: number;
}

/** Preparation, network and judgment, by the same code as on the command line. */
export class Recognizer {
  readonly #adapter: RiceAdapter;
  readonly #judge: Judge;

  private constructor(adapter: RiceAdapter) {
    this.#adapter = adapter;
    this.#judge = new Judge(adapter);
  }

  static async open({model, runtime, kernels}: Opening): Promise<Recognizer> {
    setKernelsCode(kernels);
    // Several threads would need headers that few servers send.
    env.wasm.numThreads = 1;
    env.wasm.wasmBinary = runtime;
    env.logLevel = 'fatal';
    const description = describeModel(model, MODEL);
    if (!description) throw new RiceError('MODEL_METADATA', `${MODEL} was not written by rice`);
    const session = await InferenceSession.create(model, {executionProviders: ['wasm'], logSeverityLevel: 4});
    return new Recognizer(new RiceAdapter(description.metadata, description.outputs, session, MODEL));
  }

  /** What is wrong with a picture is an answer, too. */
  async answer(name: string, picture: Blob): Promise<Answer> {
    try {
      const {prepared, small, width, height} = await this.#read(picture);
      const [output] = await this.#adapter.infer([prepared.window], {features: false});
      const {input} = this.#adapter.metadata;
      return {
        entry: toEntry(name, this.#judge.ofPicture(prepared, output, {}), {}),
        seen: {
          picture: shownPixels(small),
          width,
          height,
          window: shownPixels({width: input.width, height: input.height, data: prepared.window}),
        },
      };
    } catch (error) {
      return {entry: toEntry(name, errorOf(error), {})};
    }
  }

  async #read(picture: Blob): Promise<Read> {
    const bytes = new Uint8Array(await picture.arrayBuffer());
    return useDecoded(bytes, {}, ({frame, notes}) => {
      const prepared = this.#adapter.prepareFrame(frame);
      return {
        prepared: {...prepared, notes: [...notes, ...prepared.notes]},
        small: shrinkFrame(frame, SHOWN_SIDE),
        width: frame.width,
        height: frame.height,
      };
    });
  }
}

function errorOf(error: unknown): RiceError {
  if (error instanceof RiceError) return error;
  if (error instanceof RangeError)
    return new RiceError('IMAGE_TOO_LARGE', 'there is not enough memory to decode the picture', {cause: error});
  if (error instanceof DOMException)
    return new RiceError('PATH_NOT_READABLE', `the browser cannot read the file: ${error.message}`, {cause: error});
  return new RiceError('INTERNAL', String(error), {cause: error});
}
