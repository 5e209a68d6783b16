import {createHash} from 'node:crypto';
import {defined} from '../common/defined.ts';
import {RiceError} from '../common/errors.ts';
import {decodeImage} from '../image/decode.ts';
import {readDensity} from '../image/formats/density.ts';
import type {Frame} from '../image/frame.ts';
import {type CallOptions, Classifier, type ClassifierOptions, type Trust} from '../model/classifier.ts';
import {applyCorrections, type CorrectedGrain, checkDigest, correctedName} from './correcting/apply-corrections.ts';
import type {Corrections} from './corrections.ts';
import type {GrainNetworks} from './find-grains.ts';
import {findInRegions} from './find-in-regions.ts';
import {ForegroundNetwork} from './foreground/network/foreground-network.ts';
import {gradeGrains} from './grading/grade-grains.ts';
import {summarizePictures} from './grading/summarize.ts';
import {measureOutline} from './measures/measure-outline.ts';
import {nameGrains} from './naming/name-grains.ts';
import {pictureWarnings} from './picture-warnings.ts';
import {findScale} from './scale/find-scale.ts';
import {millimeters} from './scale/to-millimeters.ts';
import type {FoundScale, ScaleRequest} from './scale/types.ts';
import {Separator} from './separation/network/separator.ts';
import {separateClusters} from './separation/separate-clusters.ts';
import type {Outline, PictureObject, Point, ScannedPicture, ScanSummary, Size} from './types.ts';

export interface ScanOptions {
  /** Default: `{from: 'auto'}`. */
  scale?: ScaleRequest;
  /** A grain shorter than this share of the whole ones of its variety is broken; 3/4 by default. */
  brokenBelow?: number;
  /** What a person said of grains of this picture. */
  corrections?: Corrections;
  /** Purity is reported for this variety. */
  expect?: string;
  /** When the name of a grain is accepted; default: the scanner's own. */
  trust?: Trust;
  /** Called between the steps of a scan, of which none takes more than a few seconds; what it throws ends the scan. */
  onStep?: () => void;
}

/** In mm, of the median grain of a picture. */
const SHORTEST_MM = 2;
const LONGEST_MM = 15;
/** By how much more than its outline a thing covers. */
const RIM = 1.08;

/**
 * The confidence from which a grain of many is named. One answer of a single picture must be as good as certain; of many grains,
 * whose scale all of them tell together, a few wrong names move a share less than many missing ones.
 */
const ENOUGH_AMONG_MANY = 0.8;

/** A loaded model that scans photographs: every grain is found, separated, measured, named and graded. */
export class Scanner {
  readonly model: Classifier['model'];
  /** When names are accepted, unless a scan says otherwise. */
  readonly trust: Trust;
  readonly #classifier: Classifier;
  readonly #options: ClassifierOptions;
  #separator: Promise<Separator> | undefined;
  #foreground: Promise<ForegroundNetwork> | undefined;

  private constructor(classifier: Classifier, options: ClassifierOptions) {
    this.#classifier = classifier;
    this.#options = options;
    this.model = classifier.model;
    this.trust = classifier.trust;
  }

  /** @throws RiceError as `Classifier.load`; MODEL_METADATA for a model of whole pictures */
  static async load(options: ClassifierOptions = {}): Promise<Scanner> {
    const classifier = await Classifier.load({enoughConfidence: ENOUGH_AMONG_MANY, ...options});
    if (classifier.metadata.input.resize === 'whole-picture') {
      await classifier.release();
      throw new RiceError('MODEL_METADATA', 'the model was trained on whole pictures and cannot name single grains', {
        suggestions: ['Scan with the model that comes with rice, or train one without --whole-frame.'],
      });
    }
    return new Scanner(classifier, options);
  }

  /**
   * Scans one encoded picture. Pictures are scanned one after the other.
   *
   * @param path how the answer names the picture
   * @throws RiceError IMAGE_* as `prepareImage`; REFERENCE_NOT_FOUND if the reference that `scale` names is not there;
   *   CORRECTIONS_MISMATCH for corrections of another picture
   */
  async scan(bytes: Uint8Array, path: string, options: ScanOptions = {}): Promise<ScannedPicture> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const {corrections, scale: request = {from: 'auto'}, brokenBelow, trust, onStep = () => {}} = options;
    if (corrections) checkDigest(corrections, sha256);
    const {frame} = await decodeImage(bytes, defined({maxPixels: this.#options.maxPixels}));
    onStep();
    const scale = findScale(frame, request, readDensity(bytes));
    onStep();
    const found = await findInRegions(frame, this.#networks(onStep), {
      regions: scale?.regions,
      blocked: scale?.objects.map(blockedBy),
      whiteBalance: scale?.whiteBalance,
    });
    onStep();
    const corrected: {grains: CorrectedGrain[]; missed: string[]} = corrections
      ? applyCorrections(found.grains, corrections, frame)
      : {grains: found.grains, missed: []};
    const named = await this.#name(frame, corrected.grains, defined({trust}));
    onStep();
    const measured = named.grains.map((grain) => ({
      ...grain,
      ...defined({mm: scale && sizeInMillimeters(grain, scale)}),
    }));
    const grades = gradeGrains(measured, defined({brokenBelow}));
    const change = corrected.grains.length - found.grains.length;
    return {
      path,
      sha256,
      width: frame.width,
      height: frame.height,
      scale: scale?.scale ?? null,
      count: measured.length,
      countByArea: found.countByArea + change,
      grains: measured.map((grain, i) => ({...grain, ...grades[i]})),
      objects: [...(scale?.objects ?? []), ...found.objects],
      ...defined({frameSide: named.side}),
      warnings: [...pictureWarnings(found), ...(scale?.warnings ?? []), ...implausible(measured), ...corrected.missed],
    };
  }

  /** What the grains of one or more pictures of one sample are together. */
  summarize(pictures: readonly ScannedPicture[], {expect}: ScanOptions = {}): ScanSummary {
    return summarizePictures(pictures, {labels: this.model.labels, ...defined({expect})});
  }

  /** Closes the sessions. The scanner cannot be used afterwards; a second call does nothing. */
  async release(): Promise<void> {
    const loaded = await Promise.allSettled([this.#separator, this.#foreground]);
    this.#separator = undefined;
    this.#foreground = undefined;
    for (const each of loaded) if (each.status === 'fulfilled') await each.value?.release();
    await this.#classifier.release();
  }

  /** Loaded when they are needed: grains that lie apart on a dark ground need neither. */
  #networks(onStep: () => void): GrainNetworks {
    const threads = defined({threads: this.#options.threads});
    return {
      separate: async (foreground, sorted) => {
        onStep();
        this.#separator ??= Separator.load(threads);
        return separateClusters(await this.#separator, foreground, sorted);
      },
      likelihoods: async ({cells, ground}, length) => {
        onStep();
        this.#foreground ??= ForegroundNetwork.load(threads);
        return (await this.#foreground).likelihoods(cells, ground, length);
      },
    };
  }

  async #name(frame: Frame, grains: readonly CorrectedGrain[], options: CallOptions) {
    if (grains.length === 0) return {grains: [], side: undefined};
    const {names, side} = await nameGrains(this.#classifier, frame, grains, options);
    return {grains: grains.map(({named, ...grain}, i) => ({...grain, ...correctedName(names[i], named)})), side};
  }
}

/** Rice is 2 to 15 mm long: another length says that the scale is wrong. */
function implausible(grains: readonly {mm?: Size; border: boolean}[]): string[] {
  const lengths = grains.flatMap(({mm, border}) => (mm && !border ? [mm.length] : [])).sort((a, b) => a - b);
  const median = lengths[lengths.length >> 1];
  if (median === undefined || (median >= SHORTEST_MM && median <= LONGEST_MM)) return [];
  return [`By this scale the grains are ${Number(median.toPrecision(2))} mm long, which rice is not: check the scale.`];
}

/** Size of a grain on the plane of the reference. */
function sizeInMillimeters(grain: Size & {outline: Outline}, found: FoundScale): Size {
  const {length, width, feret, area, perimeter} = grain;
  const {pxPerMm} = found.scale;
  // Without perspective all lengths shrink alike, and those of the outline before it was simplified are more exact.
  if (!found.toMillimeters)
    return {
      length: length / pxPerMm,
      width: width / pxPerMm,
      feret: feret / pxPerMm,
      area: area / pxPerMm ** 2,
      perimeter: perimeter / pxPerMm,
    };
  const flat = measureOutline(millimeters(grain.outline, found));
  return {length: flat.length, width: flat.width, feret: flat.feret, area: flat.area, perimeter: flat.perimeter};
}

/** What a thing covers, with its rim and shadow. */
function blockedBy({outline, x, y, width, height}: PictureObject): readonly Point[] {
  const points: readonly Point[] = outline ?? [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  const centerX = x + width / 2;
  const centerY = y + height / 2;
  return points.map(([px, py]) => [centerX + RIM * (px - centerX), centerY + RIM * (py - centerY)]);
}
