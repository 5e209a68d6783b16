import type {InferenceSession} from 'onnxruntime-node';
import type {DecodeOptions} from '../image/decode.ts';
import type {Frame} from '../image/frame.ts';
import {type PreparedFrame, type PreparedImage, prepareFrame, prepareImage} from '../image/prepare.ts';
import type {Head} from './head.ts';
import type {RiceMetadata} from './metadata.ts';
import {rowsOf} from './rows.ts';
import {joinWindows} from './window-memory.ts';

/** Models written by rice: levels in, probabilities out; scaling, temperature and softmax are in the graph. */
export class RiceHead implements Head {
  readonly findsGrain = true;

  constructor(
    readonly metadata: RiceMetadata,
    private readonly session: InferenceSession,
  ) {}

  prepare(bytes: Uint8Array, options: DecodeOptions, into: Uint8Array): Promise<PreparedImage> {
    return prepareImage(bytes, this.metadata.input, options, into);
  }

  prepareFrame(frame: Frame): PreparedFrame {
    return prepareFrame(frame, this.metadata.input);
  }

  async probabilities(windows: Uint8Array[]): Promise<Float32Array[]> {
    const {labels, input} = this.metadata;
    const {width, height} = input;
    const {Tensor} = await import('onnxruntime-node');
    const image = new Tensor('uint8', joinWindows(windows), [windows.length, height, width, 3]);
    const {probabilities} = await this.session.run({image}, ['probabilities']);
    return rowsOf(probabilities, labels.length);
  }
}
