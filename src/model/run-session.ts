import type {InferenceSession, Tensor} from 'onnxruntime-node';
import {RiceError} from '../common/errors.ts';

/**
 * Runs a graph.
 *
 * @param model path of the .onnx file, for the message
 * @param wanted names of the outputs; all where left out
 * @throws RiceError MODEL_INVALID where it cannot be run
 */
export async function runSession(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
  model: string,
  wanted?: string[],
): Promise<InferenceSession.ReturnType> {
  try {
    return await (wanted ? session.run(feeds, wanted) : session.run(feeds));
  } catch (error) {
    throw new RiceError('MODEL_INVALID', `onnxruntime cannot run ${model}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
