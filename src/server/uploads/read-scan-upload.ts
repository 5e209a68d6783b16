import type {IncomingMessage} from 'node:http';
import {RiceError} from '../../common/errors.ts';
import {RejectedRequest} from '../rejected-request.ts';
import type {PictureUpload} from './picture-upload.ts';
import type {BodyOptions} from './read-body.ts';
import {readFormOrPicture} from './read-upload.ts';

/** One picture to scan, and what was said of it. */
export interface ScanUpload {
  picture: PictureUpload;
  /** The text fields of the form, without the corrections. */
  fields: [name: string, value: string][];
  /** JSON. */
  corrections: string | undefined;
}

const CORRECTIONS = 'corrections';

/**
 * Reads the picture to scan: the body itself, or the file of a form. In a form there may be text fields, and corrections as
 * a field or as a file of that name.
 *
 * @throws RiceError as `readFormOrPicture`; REQUEST_INVALID unless there is exactly one picture
 */
export async function readScanUpload(request: IncomingMessage, options: BodyOptions): Promise<ScanUpload> {
  const {files, fields} = await readFormOrPicture(request, {...options, maxFiles: 2});
  const pictures = files.filter(({field}) => field !== CORRECTIONS);
  const notes = files.filter(({field}) => field === CORRECTIONS).map(({bytes}) => Buffer.from(bytes).toString('utf8'));
  const texts: [string, string][] = [];
  for (const {name, value, truncated} of fields) {
    if (truncated)
      throw new RejectedRequest('too large', 'REQUEST_TOO_LARGE', `the field ${name} has more than 65,536 bytes`);
    if (name === CORRECTIONS) notes.push(value);
    else texts.push([name, value]);
  }
  if (pictures.length !== 1)
    throw new RiceError(
      'REQUEST_INVALID',
      pictures.length === 0 ? 'the form has no picture' : 'the form has two pictures',
      {
        suggestions: ['Send one picture at a time, for example with curl -F file=@rice.jpg.'],
      },
    );
  if (notes.length > 1)
    throw new RiceError('REQUEST_INVALID', 'the form has corrections twice', {suggestions: ['Send them once.']});
  const [{name, bytes}] = pictures;
  return {picture: {name, bytes}, fields: texts, corrections: notes[0]};
}
