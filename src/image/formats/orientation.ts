import type {Frame} from '../frame.ts';

/**
 * Turns a frame the way EXIF orientation says (CIPA DC-008, tag 0x0112): the value names where row 0 and column 0 of the
 * stored picture belong; 5 to 8 swap width and height.
 */
export function orient(frame: Frame, orientation: number): Frame {
  if (orientation < 2 || orientation > 8) return frame;
  const {width, height, data} = frame;
  const swap = orientation >= 5;
  const mirrorX = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const mirrorY = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const outWidth = swap ? height : width;
  const outHeight = swap ? width : height;
  const out = new Uint8Array(data.length);
  let target = 0;
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const alongX = swap ? y : x;
      const alongY = swap ? x : y;
      const sourceX = mirrorX ? width - 1 - alongX : alongX;
      const sourceY = mirrorY ? height - 1 - alongY : alongY;
      const source = (sourceY * width + sourceX) * 3;
      out[target++] = data[source];
      out[target++] = data[source + 1];
      out[target++] = data[source + 2];
    }
  }
  return {width: outWidth, height: outHeight, data: out};
}
