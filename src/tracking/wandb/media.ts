import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Json} from '../../common/json-value.ts';
import type {HistogramData, TrackedEvent} from '../event.ts';

/** A file that belongs to a run: its path among the files of the run, and its bytes. */
export interface MediaFile {
  path: string;
  bytes: Uint8Array;
}

type Picture = Extract<TrackedEvent, {type: 'picture'}>;

/** Hexadecimal digits of the digest in the name of a file. */
const DIGITS = 20;

/** Pictures of one key as a value of the history, and their files. @param folder of the journal */
export function pictureValue(
  folder: string,
  pictures: readonly Picture[],
  step: number,
): {value: Json; files: MediaFile[]} {
  const files = pictures.map(({key, file}) => {
    const bytes = readFileSync(join(folder, file));
    return {bytes, path: `media/images/${key}_${step}_${sha256(bytes).slice(0, DIGITS)}.png`};
  });
  const [{width, height, caption}] = pictures;
  const [first] = files;
  if (pictures.length === 1)
    return {
      files,
      value: {
        _type: 'image-file',
        format: 'png',
        path: first.path,
        sha256: sha256(first.bytes),
        size: first.bytes.length,
        width,
        height,
        ...(caption === '' ? {} : {caption}),
      },
    };
  const value = {
    _type: 'images/separated',
    format: 'png',
    count: pictures.length,
    width,
    height,
    filenames: files.map(({path}) => path),
    captions: pictures.map((picture) => picture.caption),
  };
  return {value, files};
}

/** Edges and counts. */
export function histogramValue({min, limits, counts}: HistogramData): Json {
  return {_type: 'histogram', bins: [min, ...limits], values: counts};
}

const TABLE_KEY = 'confusion_table';

/** A confusion matrix as the table that W&B's own chart reads, and the chart for the configuration of the run. */
export function confusionValue(labels: readonly string[], matrix: readonly (readonly number[])[], step: number) {
  const data = matrix.flatMap((row, i) => row.map((count, k): Json => [labels[i], labels[k], count]));
  const bytes = Buffer.from(JSON.stringify({columns: ['Actual', 'Predicted', 'nPredictions'], data}));
  const path = `media/table/${TABLE_KEY}_${step}_${sha256(bytes).slice(0, DIGITS)}.table.json`;
  const value = {
    _type: 'table-file',
    path,
    sha256: sha256(bytes),
    size: bytes.length,
    ncols: 3,
    nrows: data.length,
  };
  return {key: TABLE_KEY, value, file: {path, bytes}};
}

/** Where the chart stands in the configuration, below `_wandb`. */
export const CONFUSION_CHART: {path: string[]; chart: Json} = {
  path: ['visualize', 'confusion'],
  chart: {
    panel_type: 'Vega2',
    panel_config: {
      panelDefId: 'wandb/confusion_matrix/v1',
      fieldSettings: {Actual: 'Actual', Predicted: 'Predicted', nPredictions: 'nPredictions'},
      stringSettings: {title: 'Confusion matrix'},
      transform: {name: 'tableWithLeafColNames'},
      userQuery: {
        queryFields: [
          {
            name: 'runSets',
            args: [{name: 'runSets', value: '$' + '{runSets}'}],
            fields: [
              {name: 'id', fields: []},
              {name: 'name', fields: []},
              {name: '_defaultColorIndex', fields: []},
              {name: 'summaryTable', args: [{name: 'tableKey', value: TABLE_KEY}], fields: []},
            ],
          },
        ],
      },
    },
  },
};

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
