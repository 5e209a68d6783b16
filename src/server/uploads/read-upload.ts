import type {IncomingMessage} from 'node:http';
import {RiceError} from '../../common/errors.ts';
import {detectFormat} from '../../image/formats/formats.ts';
import type {UploadLimits} from './picture-upload.ts';
import {type BodyOptions, readBody} from './read-body.ts';
import {type Form, readForm} from './read-form.ts';

/**
 * Reads the pictures of a request: the files of a form with its fields, or the body itself as the only file of one. The format of a picture is told by its bytes,
 * not by the declared type: curl declares the bytes of a file as fields of a form.
 *
 * @throws RiceError MEDIA_TYPE_UNSUPPORTED, REQUEST_INVALID, REQUEST_TOO_LARGE, SERVER_BUSY
 */
export async function readFormOrPicture(request: IncomingMessage, options: BodyOptions & UploadLimits): Promise<Form> {
  requirePlain(request);
  const type = mediaType(request);
  if (type === 'multipart/form-data') return readForm(request, options);
  const bytes = await readBody(request, options);
  if (bytes.length === 0) throw new RiceError('REQUEST_INVALID', 'the request has no body');
  if (!mayHoldPicture(type) && !detectFormat(bytes))
    throw new RiceError('MEDIA_TYPE_UNSUPPORTED', `the body is ${type}, and its bytes are not those of a picture`);
  return {files: [{field: '', name: '-', bytes}], fields: []};
}

function mayHoldPicture(type: string | undefined): boolean {
  return type === undefined || type.startsWith('image/') || type === 'application/octet-stream';
}

/** @throws RiceError MEDIA_TYPE_UNSUPPORTED for a compressed body, which could decompress to any size */
export function requirePlain({headers}: IncomingMessage): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity')
    throw new RiceError('MEDIA_TYPE_UNSUPPORTED', `the server does not accept Content-Encoding ${encoding}`, {
      suggestions: ['Send the body without encoding: pictures are compressed already.'],
    });
}

function mediaType({headers}: IncomingMessage): string | undefined {
  return headers['content-type']?.split(';')[0].trim().toLowerCase();
}
