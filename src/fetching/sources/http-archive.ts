import {RiceError} from '../../common/errors.ts';
import {HttpFile} from '../download/http-file.ts';
import {openRemoteArchive} from './remote-archive.ts';
import type {OpenedSource, SourceContext} from './source.ts';

/** An authorization header, and its origin for people. */
export interface Authorization {
  header: string;
  origin: string;
}

/**
 * Opens an archive at a URL. If the credentials are rejected, it retries without them, because the dataset is public.
 *
 * @throws RiceError like `Source.open`
 */
export async function openHttpArchive(
  address: string,
  authorization: Authorization | undefined,
  context: SourceContext,
): Promise<OpenedSource> {
  const {timeout} = context;
  if (authorization) {
    try {
      const file = new HttpFile(address, {headers: {authorization: authorization.header}, timeout});
      return await openRemoteArchive(file, address, context);
    } catch (error) {
      if (!(error instanceof RiceError) || error.code !== 'ACCESS_DENIED') throw error;
      context.onNotice(`${authorization.origin} was rejected; trying without credentials`);
    }
  }
  return openRemoteArchive(new HttpFile(address, {timeout}), address, context);
}
