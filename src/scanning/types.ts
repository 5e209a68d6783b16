/**
 * What a scan of a photograph of many grains is made of. Unless said otherwise, coordinates and lengths are in pixels of the
 * picture as it is shown, after its orientation is applied; the top left pixel covers (0, 0) to (1, 1), x points right
 * and y down; angles are degrees in [0, 180) from the x axis towards the y axis.
 */
import type {Reason} from '../model/rejection.ts';

/** A point (x, y). */
export type Point = readonly [number, number];

/** A closed outline; the last point is joined to the first. Sub-pixel, at half of the contrast. */
export type Outline = readonly Point[];

/** How large a grain is, in pixels or in millimeters. */
export interface Size {
  /** Longer and shorter side of the smallest rectangle that encloses the outline. */
  length: number;
  width: number;
  /** Largest distance of two points of the outline (largest Feret diameter). */
  feret: number;
  area: number;
  perimeter: number;
}

/** A grain as it lies in the picture: what is measured before anything is said about its variety. */
export interface MeasuredGrain extends Size {
  /** 1, 2, 3 ... in reading order: by rows of the picture, from left to right. */
  id: number;
  /** Centroid of the area. */
  x: number;
  y: number;
  /** Of the long axis. */
  angle: number;
  /** length / width. */
  ratio: number;
  /** 4 pi area / perimeter squared; 1 for a circle. */
  circularity: number;
  /** Mean CIE L*a*b* (D65) of the grain without its rim. */
  color: {L: number; a: number; b: number};
  /** Estimated share of the area that is chalky white, 0 to 1. */
  white: number;
  /** Whether the picture's border cuts it, so that it is counted but not measured. */
  border: boolean;
  /** Whether it was separated from others that touch or overlap it. */
  touching: boolean;
  outline: Outline;
}

/** What the model says of a grain. */
export interface GrainName {
  label: string;
  confidence: number;
  known: boolean;
  reason?: Reason;
  probabilities: Record<string, number>;
  novelty?: number;
  capture?: number;
  strangeness?: number;
  sizeNovelty?: number;
}

/**
 * ISO 7301 names by length as a share of the mean whole grain of its variety in this picture: whole (at least 9/10), head
 * (3/4), large broken (1/2), medium broken (1/4), small broken (below), chip.
 */
export const GRADES = ['whole', 'head', 'large broken', 'medium broken', 'small broken', 'chip'] as const;
export type Grade = (typeof GRADES)[number];

/** What is said of a grain compared with the others of its sample. */
export interface GrainGrade {
  /** Undefined at the border, or where too few whole grains are there to compare with. */
  grade?: Grade;
  /** Length as a share of the mean whole grain of its variety. */
  lengthShare?: number;
  /**
   * Of a broken grain, the variety of whose whole grains it is a piece by its size and color: the model knows whole grains only, so
   * what it says of a piece means little. Shares count it so.
   */
  pieceOf?: string;
  /** Shorter than the share of a whole grain that `--broken` sets; undefined as `grade` is. */
  broken?: boolean;
  /** Color far from that of the others of its variety. */
  discolored: boolean;
  /** Estimated mass in mg; undefined without a scale. */
  mass?: number;
}

/** One grain in the answer. */
export interface ScannedGrain extends MeasuredGrain, GrainName, GrainGrade {
  /** In millimeters; missing without a scale. */
  mm?: Size;
  /** What a person said of it by a correction. */
  corrected?: true;
}

/** What is no grain. */
export const OBJECT_KINDS = ['coin', 'card', 'sheet', 'target', 'thread', 'writing', 'edge', 'object'] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** Something in the picture that is no grain, with its bounding box. */
export interface PictureObject {
  kind: ObjectKind;
  x: number;
  y: number;
  width: number;
  height: number;
  outline?: Outline;
}

/** Where the scale came from, as said in every output. */
export const SCALE_SOURCES = ['px-per-mm', 'dpi', 'coin', 'card', 'a4', 'letter', 'target', 'file'] as const;
export type ScaleSource = (typeof SCALE_SOURCES)[number];

/** How pixels become millimeters. */
export interface Scale {
  /** Pixels per millimeter; where the picture was taken at an angle, at its middle. */
  pxPerMm: number;
  source: ScaleSource;
  /** For people: "coin of 23.25 mm at (1020, 380)". */
  description: string;
  /** Angle in degrees between the camera and the vertical, where the reference shows it. */
  tilt?: number;
}

/** A plane transform from pixels to millimeters, row-major 3 x 3: (x, y, 1) to (u, v, w), the point (u / w, v / w). */
export type Homography = readonly [number, number, number, number, number, number, number, number, number];

export interface ScannedPicture {
  path: string;
  /** Of the file, lower-case hex. */
  sha256: string;
  width: number;
  height: number;
  scale: Scale | null;
  /** Number of grains by separation, those at the border included. */
  count: number;
  /** The same by area: all grains' area divided by that of a single one. */
  countByArea: number;
  grains: ScannedGrain[];
  objects: PictureObject[];
  /** Side in pixels of the square in which each grain was shown to the model; missing where none was. */
  frameSide?: number;
  /** For people: what limits the answer, and what to do. */
  warnings: string[];
}

/** A share with its 95 % intervals, by number and by estimated mass. */
export interface Share {
  count: number;
  /** Of all grains that it is a share of, 0 to 1. */
  share: number;
  low: number;
  high: number;
  /** By estimated mass; needs no scale, since masses are compared with each other only. */
  massShare: number;
  massLow: number;
  massHigh: number;
}

/** Classes of size by the mean length and ratio of the whole grains; undefined where a rule has no class for them. */
export interface SizeClasses {
  usda: 'long' | 'medium' | 'short';
  eu?: 'round' | 'medium' | 'long A' | 'long B';
  codex?: 'long' | 'medium' | 'short';
}

/** What a sample is, of one picture or of several. */
export interface ScanSummary {
  pictures: number;
  /** Grains by separation, those at the border included. */
  grains: number;
  countByArea: number;
  /** Grains that are measured and named: those that no border cuts. */
  measured: number;
  /** How many grains each variety has; those without a known variety are not in it. */
  labels: Record<string, number>;
  /** Shares of the measured grains: every variety that occurs, and `unknown`. */
  shares: Record<string, Share>;
  /** Shares of the graded grains; null where too few could be graded. */
  broken: Share | null;
  grades: Partial<Record<Grade, Share>>;
  discolored: Share;
  /** Of the grains that `--expect` names. */
  purity?: Share & {label: string};
  /** Of whole grains if they are graded, otherwise of all that are measured. */
  lengths: {
    unit: 'px' | 'mm';
    mean: number;
    deviation: number;
    /** Deviation / mean: less is more uniform. */
    variation: number;
    /** Of all measured grains: `counts[i]` of them are from `edges[i]` to `edges[i + 1]` long. */
    histogram: {edges: number[]; counts: number[]};
    /** Mean length / width. */
    ratio: number;
    width: number;
  };
  sizeClasses?: SizeClasses;
  /** Estimated mass of a thousand whole grains in g, with its 95 % interval. */
  thousandKernelMass?: {grams: number; low: number; high: number};
  /** Grains that a share of about this size needs for an interval of one percentage point to either side. */
  needed: number;
  warnings: string[];
}
