import {decodeImage} from '../../../src/image/decode.ts';
import type {Frame} from '../../../src/image/frame.ts';
import {millimeters} from '../../../src/scanning/scale/to-millimeters.ts';
import type {FoundScale} from '../../../src/scanning/scale/types.ts';
import type {Point} from '../../../src/scanning/types.ts';
import {encodeJpeg} from '../../helpers/images.ts';
import {type PlaneCamera, type PlaneScene, photographPlane, projection} from '../../helpers/plane-scenes.ts';

/** A photograph as a phone makes it: uneven light, blur, noise, JPEG. */
export async function photograph(scene: Omit<PlaneScene, 'uneven' | 'noise' | 'blur'>): Promise<Frame> {
  const frame = photographPlane({...scene, uneven: 0.35, noise: 3, blur: 1});
  return (await decodeImage(encodeJpeg(frame, 85))).frame;
}

/** By which share lengths of 10 mm at places of the plane are measured wrongly, in four directions; the largest. */
export function largestError(camera: PlaneCamera, found: FoundScale, places: readonly Point[]): number {
  const h = projection(camera);
  const inPicture = ([x, y]: Point): Point => {
    const w = h[6] * x + h[7] * y + h[8];
    return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
  };
  const errors = places.flatMap(([x, y]) =>
    [0, 45, 90, 135].map((degrees) => {
      const [dx, dy] = [5 * Math.cos((degrees * Math.PI) / 180), 5 * Math.sin((degrees * Math.PI) / 180)];
      const ends = [inPicture([x - dx, y - dy]), inPicture([x + dx, y + dy])];
      const [from, to] = millimeters(ends, found);
      return Math.abs(Math.hypot(to[0] - from[0], to[1] - from[1]) / 10 - 1);
    }),
  );
  return Math.max(...errors);
}
