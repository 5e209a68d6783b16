import type {InferenceSession} from 'onnxruntime-node';
import type {DecodeOptions} from '../image/decode.ts';
import type {Frame} from '../image/frame.ts';
import {type PreparedFrame, type PreparedImage, prepareFrame, prepareImage} from '../image/prepare.ts';
import type {Head} from './head.ts';
import type {RiceMetadata} from './metadata.ts';
import {rowsOf} from './rows.ts';

/** Models written by rice: levels in, probabilities out; scaling, temperature and softmax are in the graph. */
export class RiceHead implements Head {
  readonly findsGrain = true;

  constructor(
    readonly metadata: RiceMetadata,
    private readonly session: InferenceSession,
  ) {}

  prepare(bytes: Uint8Array, options: DecodeOptions): Promise<PreparedImage> {
    return prepareImage(bytes, this.metadata.input, options);
  }

  prepareFrame(frame: Frame): PreparedFrame {
    return prepareFrame(frame, this.metadata.input);
  }

  async probabilities(windows: Uint8Array[]): Promise<Float32Array[]> {
    const {labels, input} = this.metadata;
    const {width, height} = input;
    const bytes = width * height * 3;
    const batch = new Uint8Array(windows.length * bytes);
    windows.forEach((window, i) => {
      batch.set(window, i * bytes);
    });
    const {Tensor} = await import('onnxruntime-node');
    const image = new Tensor('uint8', batch, [windows.length, height, width, 3]);
    const {probabilities} = await this.session.run({image}, ['probabilities']);
    return rowsOf(probabilities, labels.length);
  }
}
