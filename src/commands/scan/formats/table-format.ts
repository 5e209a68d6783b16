import {wrapWords} from '../../../cli/fit.ts';
import {formatAmount, formatDuration} from '../../../cli/format.ts';
import type {Scale, ScannedPicture, ScanSummary} from '../../../scanning/types.ts';
import {pictureHead, pictureRow} from '../view/picture-row.ts';
import {renderSample} from '../view/sample-view.ts';
import type {ViewOptions} from '../view/view-options.ts';
import type {ScanFormat} from './scan-format.ts';

export interface TableOptions extends ViewOptions {
  /** Whether more than one picture may come: each then has a row. */
  several: boolean;
  /** Omits what is not a result. */
  quiet: boolean;
  summarize: (picture: ScannedPicture) => ScanSummary;
}

/** For people: of one picture the view, of several a row each and the view of all together. */
export function tableFormat(options: TableOptions): ScanFormat {
  const {several, quiet, columns} = options;
  let failures = 0;
  let latest: ScannedPicture | undefined;
  let rows = 0;
  const scales = new Map<string, Scale | null>();
  return {
    start: () => '',
    picture(picture) {
      latest = picture;
      scales.set(JSON.stringify(picture.scale), picture.scale);
      if (!several) return '';
      const head = rows++ === 0 ? `${pictureHead(options)}\n` : '';
      return `${head}${pictureRow(picture.path, options.summarize(picture), options)}\n`;
    },
    failure() {
      failures++;
      return '';
    },
    end({summary, seconds, interrupted}) {
      if (!summary || !latest) return '';
      const scale = scales.size === 1 ? [...scales.values()][0] : undefined;
      const title = several ? formatAmount(summary.pictures, 'picture') : latest.path;
      const view = renderSample({title, summary, scale}, options);
      const told = several && !quiet ? `\n${wrapWords(closingLine(seconds, failures, interrupted), columns)}\n` : '';
      return `${several ? '\n' : ''}${view}${told}`;
    },
  };
}

function closingLine(seconds: number, failures: number, interrupted = false): string {
  const failed = failures > 0 ? `, ${formatAmount(failures, 'picture')} failed` : '';
  return `Scanned in ${formatDuration(seconds)}${failed}${interrupted ? ', then stopped' : ''}.`;
}
