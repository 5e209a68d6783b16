/** What is measured, how much of it, and for how long at most. */
import type {WindowSize} from '../../src/image/window/canvas.ts';
import type {Device} from '../../src/model/devices.ts';

/** Steps of one network on one device, in a process of its own. */
export interface StepsPart {
  network: string;
  device: Device;
  input: WindowSize;
  batchSize: number;
  /** Steps whose losses are compared. */
  steps: number;
  /** Seconds of further steps for the speed; 0 to measure none. */
  timed: number;
}

export interface Plan {
  networks: string[];
  input: WindowSize;
  batchSize: number;
  steps: number;
  timed: number;
  /** Drawn pictures for the whole training and for the predictions. */
  pictures: number;
  /** How often each of them is predicted. */
  copies: number;
  epochs: number;
  /** Of the whole training. */
  trainedBatch: number;
}

export const CLASSES = 5;

export const WHOLE: Plan = {
  networks: ['conv4', 'grain4', 'resnet50'],
  input: {width: 120, height: 56},
  batchSize: 64,
  steps: 8,
  timed: 5,
  pictures: 150,
  copies: 20,
  epochs: 3,
  trainedBatch: 32,
};

/** For a software driver, on which a step of conv4 takes seconds. */
export const SMALL: Plan = {
  networks: ['conv4'],
  input: {width: 24, height: 24},
  batchSize: 4,
  steps: 2,
  timed: 0.5,
  pictures: 40,
  copies: 1,
  epochs: 1,
  trainedBatch: 16,
};

/** Largest difference of a loss to that of the CPU, as a share of it, with products in full float32. */
export const TOLERANCE = 0.01;
