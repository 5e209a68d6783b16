import type {Scanner} from '../../src/scanning/scanner.ts';
import type {ScannedPicture, ScanSummary} from '../../src/scanning/types.ts';
import type {Scene, SceneOptions} from '../scenes/types.ts';
import {type Match, matchMasks, rasterize} from './match.ts';

/** What became of one true grain. */
export interface GrainOutcome {
  label: string;
  broken: boolean;
  keptShare: number;
  border: boolean;
  /** Neither touches nor is touched. */
  alone: boolean;
  coveredShare: number;
  length: number;
  feret: number;
  /** Whether a mask with an IoU of 0.5 with its visible part was found. */
  found: boolean;
  iou?: number;
  named?: string;
  known?: boolean;
  /** What the scan says; undefined if it could not grade. */
  saidBroken?: boolean;
  saidBorder?: boolean;
  /** Signed, as a share of the true length (largest Feret diameter). */
  feretError?: number;
  lengthError?: number;
  /** In millimeters by the scale that was given, as a share of the true ones. */
  mmError?: number;
}

/** One scene with its answer. */
export interface SceneOutcome {
  number: number;
  options: SceneOptions;
  count: number;
  found: number;
  foundByArea: number;
  masks: {truth: number; found: number; matched: number};
  /** Shares by variety of the grains that no border cuts, in points: each variety's error, `unknown` being one. */
  shareErrors: number[];
  /** The same among the grains whose variety is said to be known. */
  knownShareErrors: number[];
  grains: GrainOutcome[];
  warnings: string[];
  seconds: number;
}

/** Pixels per millimeter of the dataset's pictures, roughly: a Basmati grain of 200 pixels is about 8 mm long. */
export const DATASET_PX_PER_MM = 25;

/** Scans a scene and holds the answer against the truth. */
export async function measureScene(
  scanner: Scanner,
  number: number,
  scene: Scene,
  bytes: Uint8Array,
): Promise<{outcome: SceneOutcome; picture: ScannedPicture; matches: Match[]}> {
  const pxPerMm = DATASET_PX_PER_MM * scene.options.scale;
  const started = performance.now();
  const picture = await scanner.scan(bytes, `scene-${number}.jpg`, {scale: {from: 'px-per-mm', pxPerMm}});
  const seconds = (performance.now() - started) / 1000;
  const summary = scanner.summarize([picture]);
  const {width, height} = scene.frame;
  const masks = picture.grains.map(({outline}) => rasterize(outline, width, height));
  const matches = matchMasks(
    scene.grains.map(({visible}) => visible),
    masks,
  );
  const outcome: SceneOutcome = {
    number,
    options: scene.options,
    count: scene.grains.length,
    found: picture.count,
    foundByArea: picture.countByArea,
    masks: {truth: scene.grains.length, found: picture.grains.length, matched: matches.length},
    shareErrors: shareErrors(scene, sharesOf(summary)),
    knownShareErrors: shareErrors(scene, knownShares(picture)),
    grains: outcomes(scene, picture, matches, pxPerMm),
    warnings: picture.warnings,
    seconds,
  };
  return {outcome, picture, matches};
}

function outcomes(scene: Scene, picture: ScannedPicture, matches: Match[], pxPerMm: number): GrainOutcome[] {
  return scene.grains.map((grain, index) => {
    const {label, broken, keptShare, border, coveredShare, length, feret, joinedTo} = grain;
    const match = matches.find(({truth}) => truth === index);
    const own = {label, broken, keptShare, border, coveredShare, length, feret};
    const alone = joinedTo.length === 0 && coveredShare === 0;
    if (!match) return {...own, alone, found: false};
    const said = picture.grains[match.found];
    return {
      ...own,
      alone,
      found: true,
      iou: match.iou,
      named: said.label,
      known: said.known,
      ...(said.broken === undefined ? {} : {saidBroken: said.broken}),
      saidBorder: said.border,
      feretError: said.feret / feret - 1,
      lengthError: said.length / length - 1,
      ...(said.mm ? {mmError: (said.mm.length * pxPerMm) / length - 1} : {}),
    };
  });
}

/** In points, of every variety that is there or was said. */
function shareErrors({grains}: Scene, said: Readonly<Record<string, number>>): number[] {
  const measured = grains.filter(({border}) => !border);
  const names = new Set([...measured.map(({label}) => label), ...Object.keys(said)]);
  return [...names].map((name) => {
    const right = measured.filter(({label}) => label === name).length / Math.max(1, measured.length);
    return 100 * ((said[name] ?? 0) - right);
  });
}

function sharesOf({shares}: ScanSummary): Record<string, number> {
  return Object.fromEntries(Object.entries(shares).map(([name, {share}]) => [name, share]));
}

function knownShares({grains}: ScannedPicture): Record<string, number> {
  const known = grains.filter(({border, known}) => !border && known);
  const shares: Record<string, number> = {};
  for (const {label} of known) shares[label] = (shares[label] ?? 0) + 1 / known.length;
  return shares;
}
