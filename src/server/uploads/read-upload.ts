import type {IncomingMessage} from 'node:http';
import {RiceError} from '../../common/errors.ts';
import type {PictureUpload, UploadLimits} from './picture-upload.ts';
import {type BodyOptions, readBody} from './read-body.ts';
import {readForm} from './read-form.ts';

/**
 * Reads the pictures of a request: the files of a form, or the body itself. Their format is later detected from the bytes,
 * not from the declared type.
 *
 * @throws RiceError MEDIA_TYPE_UNSUPPORTED, REQUEST_INVALID, REQUEST_TOO_LARGE, SERVER_BUSY
 */
export async function readUpload(
  request: IncomingMessage,
  options: BodyOptions & UploadLimits,
): Promise<PictureUpload[]> {
  requirePlain(request);
  const type = mediaType(request);
  if (type === 'multipart/form-data') return readForm(request, options);
  if (type !== undefined && !type.startsWith('image/') && type !== 'application/octet-stream')
    throw new RiceError('MEDIA_TYPE_UNSUPPORTED', `the server does not accept ${type}`);
  const bytes = await readBody(request, options);
  if (bytes.length === 0) throw new RiceError('REQUEST_INVALID', 'the request has no body');
  if (type === undefined) throw new RiceError('MEDIA_TYPE_UNSUPPORTED', 'the request has no Content-Type');
  return [{name: '-', bytes}];
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
