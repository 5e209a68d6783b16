import type {IncomingMessage} from 'node:http';
import {Busboy, type BusboyInstance} from '@fastify/busboy';
import {RiceError} from '../../common/errors.ts';
import {RejectedRequest} from '../rejected-request.ts';
import type {PictureUpload, UploadLimits} from './picture-upload.ts';
import {type BodyOptions, consumeBody} from './read-body.ts';

/** Limits of the parts that are not files: text fields. */
const MAX_FIELDS = 50;
const MAX_FIELD_BYTES = 65_536;
const MAX_NAME = 255;

/** What a form holds. */
export interface Form {
  /** Those of the parts that are files, in order. */
  files: (PictureUpload & {field: string})[];
  fields: {name: string; value: string; truncated: boolean}[];
}

/**
 * Reads a form (multipart/form-data), with any field names.
 *
 * @throws RiceError REQUEST_INVALID for a form that is damaged or has no file, REQUEST_TOO_LARGE, and as `consumeBody`
 */
export async function readForm(request: IncomingMessage, options: BodyOptions & UploadLimits): Promise<Form> {
  const {maxFiles, maxBody} = options;
  const form = openForm(request, maxFiles, maxBody);
  const files: {field: string; name: string; chunks: Buffer[]}[] = [];
  const fields: Form['fields'] = [];
  let failure: RiceError | undefined;
  const fail = (error: RiceError) => {
    failure ??= error;
  };
  const tooMany = (what: string) => () =>
    fail(new RejectedRequest('too large', 'REQUEST_TOO_LARGE', `the form has more than ${what}`));
  form.on('file', (field, stream, name) => {
    const chunks: Buffer[] = [];
    files.push({field: field ?? '', name: (name || field || '-').slice(0, MAX_NAME), chunks});
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', (error) => fail(damaged(error)));
  });
  form.on('field', (name, value, _, truncated) => fields.push({name, value, truncated}));
  form.on('filesLimit', tooMany(`${maxFiles} files`));
  form.on('fieldsLimit', tooMany(`${MAX_FIELDS} fields`));
  form.on('partsLimit', tooMany(`${maxFiles + MAX_FIELDS} parts`));
  const parsed = new Promise<void>((resolve) => {
    form.once('finish', resolve);
    form.on('error', (error) => {
      fail(damaged(error));
      resolve();
    });
    // A form truncated in the middle of a part may end without an event.
    options.signal.addEventListener('abort', () => resolve(), {once: true});
  });
  try {
    await consumeBody(request, options, (chunk) => {
      if (failure) throw failure;
      form.write(chunk);
    });
    form.end();
    await parsed;
    if (failure) throw failure;
    options.signal.throwIfAborted();
  } finally {
    form.destroy();
  }
  if (files.length === 0)
    throw new RiceError('REQUEST_INVALID', 'the form has no file', {
      suggestions: ['Send one or more files, for example with curl -F file=@grain.jpg.'],
    });
  const whole = files.map(({chunks, ...file}) => {
    return {...file, bytes: chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)};
  });
  return {files: whole, fields};
}

function openForm(request: IncomingMessage, maxFiles: number, maxBody: number): BusboyInstance {
  try {
    return new Busboy({
      headers: {...request.headers, 'content-type': request.headers['content-type']!},
      limits: {
        files: maxFiles,
        fileSize: maxBody,
        parts: maxFiles + MAX_FIELDS,
        fields: MAX_FIELDS,
        fieldSize: MAX_FIELD_BYTES,
        fieldNameSize: MAX_NAME,
        headerPairs: 20,
      },
      isPartAFile: (_, type, name) => name !== undefined || type?.startsWith('image/') === true,
    });
  } catch (error) {
    throw damaged(error);
  }
}

function damaged(error: unknown): RiceError {
  return new RiceError('REQUEST_INVALID', `the form cannot be read: ${(error as Error).message}`, {cause: error});
}
