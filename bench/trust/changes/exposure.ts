import type {Frame} from '../../../src/image/frame.ts';

/** Linear light of each level, and back, as IEC 61966-2-1 (sRGB) has it. */
export function toLinear(level: number): number {
  const share = level / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

export function fromLinear(light: number): number {
  const share = Math.min(1, Math.max(0, light));
  return 255 * (share <= 0.0031308 ? share * 12.92 : 1.055 * share ** (1 / 2.4) - 0.055);
}

/** Multiplies the levels of red, green and blue; what is above 255 is clipped. */
export function multiplied(frame: Frame, gains: readonly number[]): Frame {
  return mapped(
    frame,
    gains.map((gain) => (level: number) => level * gain),
  );
}

/** Multiplies the light of red, green and blue that fell onto the sensor; what is above white is clipped. */
export function exposed(frame: Frame, gains: readonly number[]): Frame {
  return mapped(
    frame,
    gains.map((gain) => (level: number) => fromLinear(toLinear(level) * gain)),
  );
}

/** All three channels as the luma of ITU-R BT.709. */
export function gray({width, height, data}: Frame): Frame {
  const levels = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3)
    levels.fill(Math.round(0.2126 * data[i] + 0.7152 * data[i + 1] + 0.0722 * data[i + 2]), i, i + 3);
  return {width, height, data: levels};
}

function mapped({width, height, data}: Frame, curves: readonly ((level: number) => number)[]): Frame {
  const tables = curves.map((curve) => Uint8ClampedArray.from({length: 256}, (_, level) => curve(level)));
  const levels = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) levels[i] = tables[i % 3][data[i]];
  return {width, height, data: levels};
}
