/** A place and the symmetric matrix that turns the unit circle around the origin into an ellipse around the place. */
export interface Ellipse {
  x: number;
  y: number;
  mxx: number;
  mxy: number;
  myy: number;
  /** The inverse of the matrix. */
  ixx: number;
  ixy: number;
  iyy: number;
}

export function ellipse(x: number, y: number, mxx: number, mxy: number, myy: number): Ellipse {
  const determinant = Math.max(1e-3, mxx * myy - mxy * mxy);
  return {x, y, mxx, mxy, myy, ixx: myy / determinant, ixy: -mxy / determinant, iyy: mxx / determinant};
}

/** Square of the distance from the center in units of the half axes: 1 on the ellipse. */
export function squaredNorm({ixx, ixy, iyy}: Ellipse, dx: number, dy: number): number {
  const u = ixx * dx + ixy * dy;
  const v = ixy * dx + iyy * dy;
  return u * u + v * v;
}

/** Half of the width and of the height of the upright rectangle around it. */
export function reachOf({mxx, mxy, myy}: Ellipse): {x: number; y: number} {
  return {x: Math.hypot(mxx, mxy), y: Math.hypot(mxy, myy)};
}

export function areaOf({mxx, mxy, myy}: Ellipse): number {
  return Math.PI * Math.max(0, mxx * myy - mxy * mxy);
}
