import {parentPort} from 'node:worker_threads';
import {onRequest} from '../../common/thread.ts';
import {describeError, type FileError} from '../../dataset/file-error.ts';
import {readPicture} from '../../dataset/read-file.ts';
import {prepareImage} from '../../image/prepare.ts';
import {MEASURED_WINDOW, MEASUREMENT_BYTES, measure, packMeasurement} from './measurement.ts';

/** Absolute paths of picture files. */
export interface MeasureRequest {
  files: string[];
  maxPixels: number | undefined;
}

export interface MeasureReply {
  /** A packed measurement for each file; zeros for one that could not be read. */
  bytes: Uint8Array;
  /** By position in the request. */
  errors: ({position: number} & Omit<FileError, 'path'>)[];
}

onRequest(async ({files, maxPixels}: MeasureRequest) => {
  const bytes = Buffer.from(new ArrayBuffer(files.length * MEASUREMENT_BYTES));
  const errors: MeasureReply['errors'] = [];
  const options = maxPixels === undefined ? {} : {maxPixels};
  for (const [position, file] of files.entries()) {
    try {
      const prepared = await prepareImage(await readPicture(file), MEASURED_WINDOW, options);
      packMeasurement(measure(prepared), bytes, position * MEASUREMENT_BYTES);
    } catch (error) {
      errors.push({position, ...describeError(error)});
    }
  }
  parentPort!.postMessage({bytes, errors} satisfies MeasureReply, [bytes.buffer as ArrayBuffer]);
});
