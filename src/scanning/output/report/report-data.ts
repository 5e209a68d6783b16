import type {ScannedPicture, ScanSummary} from '../../types.ts';
import type {ColorBy} from '../grain-classes.ts';

/** A picture as it is in the page, smaller than it was. */
export interface EmbeddedImage {
  /** `data:image/jpeg;base64,...` */
  uri: string;
  width: number;
  height: number;
}

export interface ReportPicture {
  picture: ScannedPicture;
  /** Undefined for those beyond the first ones. */
  image?: EmbeddedImage;
}

/** The whole content of a report, so that rendering needs no clock, file or terminal. */
export interface ReportData {
  model: {name: string; version: string; sha256: string; labels: readonly string[]};
  pictures: readonly ReportPicture[];
  summary: ScanSummary;
  /** What the colors tell at first. */
  colorBy: ColorBy;
  /** The share of a whole grain below which one is broken, for people: `3/4`. */
  broken: string;
  /** The date in ISO 8601. */
  date: string;
  /** The command line. */
  command: string;
  /** The version of rice. */
  version: string;
}
