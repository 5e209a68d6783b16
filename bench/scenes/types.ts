import type {Frame} from '../../src/image/frame.ts';

/** A picture of what lies where, cut to its bounding box, whose top left pixel is (x, y) of the scene; 1 is inside. */
export interface Mask {
  /** May lie outside of the scene, where its border cuts a grain. */
  x: number;
  y: number;
  width: number;
  height: number;
  data: Uint8Array;
}

export const GROUNDS = [
  'black felt',
  'blue',
  'white',
  'grey cloth',
  'ridged wood',
  'violet cloth',
  'beige paper',
  'green',
] as const;
export type GroundKind = (typeof GROUNDS)[number];

export const THINGS = ['stone', 'seed', 'thread', 'coin', 'cap'] as const;
export type ThingKind = (typeof THINGS)[number];

export interface SceneOptions {
  width: number;
  height: number;
  ground: GroundKind;
  /** How many grains are wanted; fewer where they do not fit. */
  grains: number;
  /** Pixels of the scene for one of the dataset. */
  scale: number;
  /** Of each grain's scale around `scale`, as a share of it; 0 by default. */
  scaleSpread?: number;
  /**
   * Which share of the lower grain's area the upper one of a pair covers, 0 to 0.5; 0 is apart, `touching` is side by side.
   * 0 by default.
   */
  overlap?: number | 'touching';
  /** The overlap of each pair is drawn between 0 (touching) and `overlap`. */
  overlapVaries?: boolean;
  /** Share of the grains that lie on or at another one if `overlap` is not 0; 1 by default. */
  joined?: number;
  /** The most grains in a chain of joined ones; 4 by default. */
  cluster?: number;
  /** A new grain of a group may lie at any other of its group, not only at the last: heaps rather than chains. */
  heaps?: boolean;
  /** Least distance in pixels between grains that are not joined; 8 dataset pixels by default, at least 3. */
  gap?: number;
  /** Share of broken grains; 0 by default. */
  broken?: number;
  /** What share of its length a broken grain keeps; [0.2, 0.6] by default. */
  kept?: readonly [number, number];
  /** What is no grain. */
  things?: readonly ThingKind[];
  /** Whether the scene's border may cut grains; true by default. */
  border?: boolean;
  /** Difference of the light from one side to the other, as a share; 0 by default. */
  gradient?: number;
  /** How much light a grain's shadow takes, 0 to 1; by default none. */
  shadow?: number;
  /** Standard deviation in pixels of the lens's blur; 0.5 by default. */
  blur?: number;
  /** Standard deviation of the sensor's noise in levels; 1.5 by default. */
  noise?: number;
  /** How bright grains are compared with their pictures; 1 by default. Beside white paper, a camera shows rice darker. */
  brightness?: number;
  /** Share by which grains differ in brightness, one from another; 0 by default. */
  unevenness?: number;
  /** Gains of red, green and blue; 1 by default. */
  gains?: readonly [number, number, number];
  /** How often each variety occurs, by label; all alike by default. */
  varieties?: Readonly<Record<string, number>>;
  /** Whether a variety may have grains of several batches of the dataset, whose scales differ; false by default. */
  mixedBatches?: boolean;
}

export interface SceneGrain {
  label: string;
  /** Of the dataset, relative to its root. */
  file: string;
  /** Centroid of the full mask. */
  x: number;
  y: number;
  /** Sides of the smallest rectangle that encloses the full mask's sub-pixel outline, angle of the longer one in degrees [0, 180). */
  length: number;
  width: number;
  angle: number;
  /** Direction of the long principal axis of the full mask, in degrees [0, 180). */
  axis: number;
  /** Largest distance of two points of the outline. */
  feret: number;
  /** Of the full mask, from the soft edge, so not a whole number. */
  area: number;
  broken: boolean;
  /** What it keeps of its length, along its axis; 1 if whole. */
  keptShare: number;
  mask: Mask;
  visible: Mask;
  /** Share of the full mask within the scene that others cover. */
  coveredShare: number;
  /** Whether the scene's border cuts it. */
  border: boolean;
  /** Numbers (from 0) of the grains that it touches or overlaps. */
  joinedTo: number[];
}

export interface SceneThing {
  kind: ThingKind;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Scene {
  frame: Frame;
  /** In the order in which they were laid down: later ones lie on earlier ones. */
  grains: SceneGrain[];
  things: SceneThing[];
  /** Row-major: 0 for the ground and for things, otherwise 1 + the number of the visible grain. */
  labels: Uint16Array;
  options: SceneOptions;
}
