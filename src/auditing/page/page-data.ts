import type {Audit} from '../findings/types.ts';
import type {ReviewData} from './review-item.ts';

/** A picture as it is in the page, perhaps smaller than it was. */
export interface PagePicture {
  /** `data:image/jpeg;base64,...` */
  uri: string;
  width: number;
  height: number;
}

/** The whole content of the page, so that rendering needs no clock, file or terminal. */
export interface PageData {
  audit: Audit;
  review: ReviewData;
  /** Pictures to look at that the page leaves out. */
  more: number;
  /** Typical pictures of the labels that occur: their paths. */
  typical: readonly {label: string; paths: readonly string[]}[];
  /** By path. */
  pictures: ReadonlyMap<string, PagePicture>;
  /** The date in ISO 8601. */
  date: string;
  /** The command line. */
  command: string;
  /** The version of rice. */
  version: string;
}
