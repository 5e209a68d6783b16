import {checkReport} from '../../cli/check-report.ts';
import {formatAmount} from '../../cli/format.ts';
import {writeAtomically} from '../../common/files/atomic-file.ts';
import {decodeImage} from '../../image/decode.ts';
import {type CropCount, CropFolder} from '../../scanning/output/crops.ts';
import {embedPicture, MOST_PICTURES} from '../../scanning/output/report/embed-picture.ts';
import {renderReport} from '../../scanning/output/report/page.ts';
import type {ReportData, ReportPicture} from '../../scanning/output/report/report-data.ts';
import type {ScannedPicture} from '../../scanning/types.ts';
import {Annotations} from './annotations.ts';
import type {ScanFlags} from './flags.ts';

type SideFlags = Pick<ScanFlags, 'annotate' | 'color-by' | 'report' | 'crops' | 'crops-by' | 'max-pixels'> & {
  output?: string | undefined;
};

/** What `rice scan` writes besides its result: annotated pictures, cut-out grains, the report. */
export class SideFiles {
  readonly #flags: SideFlags;
  readonly #annotations: Annotations | undefined;
  readonly #crops: CropFolder | undefined;
  readonly #pictures: ReportPicture[] = [];
  #annotated = 0;
  readonly #count: CropCount = {written: 0, border: 0, unsure: 0};

  /** @throws RiceError if one of them cannot be written, before any work */
  constructor(flags: SideFlags, {labels, several}: {labels: readonly string[]; several: boolean}) {
    this.#flags = flags;
    const {annotate, report, crops} = flags;
    if (report !== undefined) checkReport(report, flags.output, 'grains.html');
    if (annotate !== undefined)
      this.#annotations = new Annotations(annotate, several, {colorBy: flags['color-by'], labels});
    if (crops !== undefined) this.#crops = new CropFolder(crops, flags['crops-by']);
  }

  /** @param bytes of the picture, which is decoded again only if there is something to write */
  async add(bytes: Uint8Array, picture: ScannedPicture): Promise<void> {
    const inReport = this.#flags.report !== undefined;
    const embedded = inReport && this.#pictures.length < MOST_PICTURES;
    if (!this.#annotations && !this.#crops && !embedded) {
      if (inReport) this.#pictures.push({picture: {...picture, grains: withoutOutlines(picture)}});
      return;
    }
    const {frame} = await decodeImage(bytes, {maxPixels: this.#flags['max-pixels']});
    if (this.#annotations) {
      await this.#annotations.write(frame, picture);
      this.#annotated++;
    }
    if (this.#crops) {
      const {written, border, unsure} = this.#crops.add(frame, picture);
      this.#count.written += written;
      this.#count.border += border;
      this.#count.unsure += unsure;
    }
    if (embedded) this.#pictures.push({picture, image: await embedPicture(frame)});
  }

  /** Writes the report. @returns sentences about what was written */
  finish(data: Omit<ReportData, 'pictures' | 'colorBy'>): string[] {
    const {annotate, report, crops, 'color-by': colorBy} = this.#flags;
    const told: string[] = [];
    if (annotate !== undefined) told.push(`${formatAmount(this.#annotated, 'annotated picture')} in ${annotate}`);
    if (crops !== undefined)
      told.push(`${formatAmount(this.#count.written, 'grain')} in ${crops}${leftOut(this.#count)}`);
    if (report !== undefined && this.#pictures.length > 0) {
      writeAtomically(report, renderReport({...data, colorBy, pictures: this.#pictures}));
      told.push(`report in ${report}`);
    }
    return told;
  }
}

function withoutOutlines({grains}: ScannedPicture): ScannedPicture['grains'] {
  return grains.map((grain) => ({...grain, outline: []}));
}

function leftOut({border, unsure}: CropCount): string {
  const parts = [
    ...(border > 0 ? [`${border} cut by the border`] : []),
    ...(unsure > 0 ? [`${unsure} that are not sure`] : []),
  ];
  return parts.length === 0 ? '' : `; left out: ${parts.join(', ')}`;
}
