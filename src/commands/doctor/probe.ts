/**
 * A child process of `rice doctor`: answers one picture on one device, and tells its parent how that went. In a process of
 * its own, since a driver may hang or crash.
 */
import {RiceError} from '../../common/errors.ts';
import {nativeCodec} from '../../image/formats/jpeg/decode.ts';
import {Classifier, type ClassifierOptions} from '../../model/classifier.ts';
import {warmUpImage} from '../../server/work/warm-up-image.ts';
import type {ProbeAnswer} from './probe-device.ts';

async function probe(options: ClassifierOptions): Promise<ProbeAnswer> {
  const decoder = (await nativeCodec()) ? 'libjpeg-turbo' : 'portable';
  try {
    const begin = performance.now();
    const classifier = await Classifier.load(options);
    const [answer] = await classifier.classify([await warmUpImage()]);
    const seconds = (performance.now() - begin) / 1000;
    if (answer instanceof RiceError) throw answer;
    return {works: true, decoder, seconds, device: classifier.device, model: classifier.model};
  } catch (error) {
    const {message, suggestions = []} = error as RiceError;
    return {works: false, decoder, reason: message, suggestions};
  }
}

const answer = await probe(JSON.parse(process.argv[2]) as ClassifierOptions);
process.send?.(answer, () => process.exit());
