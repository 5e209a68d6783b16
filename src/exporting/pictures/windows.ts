import type {WindowSize} from '../../image/window/canvas.ts';

/** Prepared pictures, as a network takes them. */
export interface Windows {
  readonly size: WindowSize;
  readonly count: number;
  /** uint8 RGB, height * width * 3 bytes. */
  window(index: number): Uint8Array;
}

/** The same with the index of each picture's label. */
export interface LabeledWindows extends Windows {
  readonly labels: readonly number[];
}

/** The pictures that an export is calibrated by and measured on. */
export interface ExportPictures {
  /** Of those that training learnt from. */
  calibration: Windows;
  /** Of those that chose its best epoch, as they are. */
  validation: LabeledWindows;
  /** Some of the latter as another camera would show them, and turned into what is no variety. */
  changed: Windows;
  unlike: Windows;
  close(): void;
}

/** The first windows of some. */
export function firstOf(windows: Windows, most: number): Windows {
  return {size: windows.size, count: Math.min(most, windows.count), window: (index) => windows.window(index)};
}

/** Some of many windows, spread over all of them. */
export function spreadOver(windows: Windows, most: number): Windows {
  const count = Math.min(most, windows.count);
  return {size: windows.size, count, window: (index) => windows.window(Math.floor((index * windows.count) / count))};
}
