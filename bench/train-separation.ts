/**
 * Trains the network that separates touching grains, on crops composed of the dataset's training part and of drawn grains, and
 * writes it as a model file (`bench/pixels/train.ts`).
 * Run: `npx tsx bench/train-separation.ts Rice_Image_Dataset RUN --model models/separation.onnx`.
 */
import {SEPARATION} from '../src/training/graphs/separation-graph.ts';
import {trainPixelNetwork} from './pixels/train.ts';
import {writeSeparationModel} from './separation/write-model.ts';

await trainPixelNetwork(SEPARATION, new URL('./separation/batch-thread.ts', import.meta.url), writeSeparationModel);
