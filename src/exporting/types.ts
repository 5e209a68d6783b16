import type {ExportRecord, RiceMetadata} from '../model/metadata.ts';
import type {ModelFile} from '../model/model-file.ts';
import type {ExportPictures} from './pictures/windows.ts';

/** The model that is exported. */
export interface ExportSource {
  file: ModelFile & {metadata: RiceMetadata};
  /** The folder of its run, if it has one with its training artifact. */
  run?: string;
}

export type ExportPhase = 'hashing' | 'preparing' | 'measuring' | 'measuring layers' | 'measuring again';

export interface ExportEvents {
  onPhase(phase: ExportPhase, done: number, total: number): void;
  onWarning(message: string): void;
}

/** What a format is written of. */
export interface ExportJob {
  source: ExportSource;
  /** The file, or the folder of a format that is one. */
  output: string;
  /** Whether what is there may be replaced. */
  force: boolean;
  /** Opens the pictures that were named, or those of the run; undefined where there are none. */
  pictures(): Promise<ExportPictures | undefined>;
  events: ExportEvents;
  signal: AbortSignal;
}

/** How the answers of a written model differ from those of its source; drawn grains stand in where there are no pictures. */
export type Comparison = ExportRecord['compared'];
export type Quantization = NonNullable<ExportRecord['quantization']>;

/** What was written. */
export interface Written {
  bytes: number;
  /** In hexadecimal; missing for a folder. */
  sha256?: string;
  compared?: Comparison;
  quantization?: Quantization;
  /** Of weights alone: the numbers of tensors and of their elements. */
  tensors?: {count: number; elements: number};
}

/** A format, as the table has it. */
export interface ExportFormat {
  summary: string;
  /** What the name of a model becomes a file name with. */
  extension: string;
  /** Whether a folder is written; a file if missing. */
  isFolder?: boolean;
  /** Whether what is written is a model of rice itself; it is if missing. */
  isModel?: boolean;
  write(job: ExportJob): Promise<Written>;
}
