/**
 * The numbers of `capture`, each with the center that is subtracted and the scale that it is then multiplied by: constants from
 * the Rice Image Dataset, like ImageNet's mean and std, that make the differences of one variety's grains a fraction of 1. (The
 * hue of one variety's grains varies by 1 %, brightness by 4 %, area by 10 %.)
 */
export const CAPTURE = [
  {name: 'log area', center: 7.5, scale: 8},
  {name: 'log aspect ratio', center: 0.9, scale: 10},
  {name: 'log red / green', center: 0, scale: 30},
  {name: 'log blue / green', center: 0, scale: 30},
  {name: 'log green', center: 5.35, scale: 15},
  /** Pixels in the soft edge for each pixel of the outline: grows with blur, falls with resolution. */
  {name: 'log softness', center: -0.9, scale: 6},
  /** The share of the grain that is white in its brightest channel. */
  {name: 'saturation', center: 0.1, scale: 4},
  /** The standard deviation of the levels within the grain over their mean. */
  {name: 'log contrast', center: -2, scale: 4},
  /** How far the center of the light is from that of the area, along and across, in standard deviations of the area. */
  {name: 'light along', center: 0, scale: 20},
  {name: 'light across', center: 0, scale: 20},
] as const;
