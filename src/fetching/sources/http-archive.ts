import {RiceError} from '../../common/errors.ts';
import {HttpFile} from '../download/http-file.ts';
import {openRemoteArchive} from './remote-archive.ts';
import type {OpenedSource, SourceContext} from './source.ts';

/** What proves who asks: a header, and where it comes from in words for people. */
export interface Authorization {
  header: string;
  origin: string;
}

/**
 * Opens an archive at an address. Where credentials are refused it is asked for without: the dataset is public.
 *
 * @throws RiceError as `Source.open`
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
      context.onNotice(`${authorization.origin} is refused; trying without`);
    }
  }
  return openRemoteArchive(new HttpFile(address, {timeout}), address, context);
}
