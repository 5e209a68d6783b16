import {PATCH_SCALE, type WindowSize} from './canvas.ts';

/**
 * Where a model's window lies in its picture: the pixel at column u and row v, whose center is at u + 0.5 and v + 0.5, is seen at
 * x + u rightX + v downX and y + u rightY + v downY, in pixels of the picture after orientation.
 */
export interface WindowPlacement {
  x: number;
  y: number;
  rightX: number;
  rightY: number;
  downX: number;
  downY: number;
}

/** An upright or turned window around a point. */
interface Centered {
  /** The middle of the window, in pixels of the picture. */
  x: number;
  y: number;
  /** Unit vector along the window's rows. */
  cos: number;
  sin: number;
  /** Pixels of the picture for each canvas pixel. */
  step: number;
}

/** The placement of a window whose middle and direction are known. */
export function placeCentered({x, y, cos, sin, step}: Centered, {width, height}: WindowSize): WindowPlacement {
  const scale = step * PATCH_SCALE;
  const [rightX, rightY, downX, downY] = [scale * cos, scale * sin, -scale * sin, scale * cos];
  return {
    x: x - (rightX * width + downX * height) / 2,
    y: y - (rightY * width + downY * height) / 2,
    rightX,
    rightY,
    downX,
    downY,
  };
}

/** The placement of an upright window: which part of the picture it shows, and where in the window this begins and ends. */
export function placeUpright(
  part: {left: number; top: number; width: number; height: number},
  window: {left: number; top: number; width: number; height: number},
): WindowPlacement {
  const [rightX, downY] = [part.width / window.width, part.height / window.height];
  return {x: part.left - window.left * rightX, y: part.top - window.top * downY, rightX, rightY: 0, downX: 0, downY};
}

/** The place in the window that shows a place in the picture. */
export function windowPosition(
  {x, y, rightX, rightY, downX, downY}: WindowPlacement,
  pictureX: number,
  pictureY: number,
): [u: number, v: number] {
  const [dx, dy] = [pictureX - x, pictureY - y];
  const determinant = rightX * downY - rightY * downX;
  return [(dx * downY - dy * downX) / determinant, (dy * rightX - dx * rightY) / determinant];
}
