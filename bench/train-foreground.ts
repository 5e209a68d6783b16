/**
 * Trains the network that tells grains from bright grounds and their shadows on them, on scenes composed of the dataset's training
 * part, and writes it as a model file (`bench/pixels/train.ts`). With `--from` it begins with the weights of another run.
 * Run: `npx tsx bench/train-foreground.ts Rice_Image_Dataset RUN --model models/foreground.onnx`.
 */
import {FOREGROUND} from '../src/training/networks/foreground.ts';
import {writeForegroundModel} from './foreground/write-model.ts';
import {trainPixelNetwork} from './pixels/train.ts';

await trainPixelNetwork(FOREGROUND, new URL('./foreground/crop-thread.ts', import.meta.url), writeForegroundModel);
