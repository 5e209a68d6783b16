/** What may stand in the way of naming a grain, in the order in which it is looked for. */
export const FLAWS = [
  'something else in the picture',
  'out of frame',
  'touching something',
  'too small',
  'overexposed',
  'too blurred',
] as const;
export type Flaw = (typeof FLAWS)[number];
