import {RiceError} from '../../common/errors.ts';
import {Classifier, type ClassifierOptions} from '../../model/classifier.ts';
import type {Device} from '../../model/devices.ts';
import {ClassifierThreads} from '../../prediction/classifier-threads.ts';

/** A model as `rice predict` and `rice serve` compute with it. */
export interface Engine {
  model: Classifier['model'];
  device: Device;
  /** Calls that are computed side by side. */
  atOnce: number;
  /** The windows of those pictures that can be used. */
  windowsOf(pictures: Uint8Array[]): Promise<Uint8Array[]>;
  classify(pictures: Uint8Array[]): Promise<unknown>;
  classifyWindows(windows: Uint8Array[]): Promise<unknown>;
}

/**
 * Opens a model, has it answer a picture, and then opens what computes many: on the CPU a thread for each of `threads`, each with a
 * session of its own; elsewhere one session, for which threads would only queue.
 *
 * @param onAnswer called after the first answer
 */
export async function openEngine(
  load: ClassifierOptions,
  picture: Uint8Array,
  onAnswer: (classifier: Classifier) => void,
): Promise<Engine> {
  const classifier = await Classifier.load(load);
  const [answer] = await classifier.classify([picture]);
  if (answer instanceof RiceError) throw answer;
  onAnswer(classifier);
  const {model, device} = classifier;
  const windowsOf = async (pictures: Uint8Array[]) =>
    (await classifier.windowsOf(pictures)).filter((window) => window instanceof Uint8Array);
  const {threads = 1} = load;
  if (device !== 'cpu' || threads === 1)
    return {
      model,
      device,
      atOnce: 1,
      windowsOf,
      classify: (pictures) => classifier.classify(pictures),
      classifyWindows: (windows) => classifier.classifyWindows(windows),
    };
  const pool = new ClassifierThreads(classifier, load, threads);
  await pool.ready;
  return {
    model,
    device,
    atOnce: threads,
    windowsOf,
    classify: (pictures) => pool.classify(pictures.map((bytes) => ({path: '', bytes}))),
    classifyWindows: (windows) => pool.classifyWindows(windows),
  };
}
