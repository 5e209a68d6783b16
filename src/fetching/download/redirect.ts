import {RiceError} from '../../common/errors.ts';
import {plainAddress} from './plain-address.ts';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Where a redirect leads to.
 *
 * @param name what is fetched, for messages
 * @throws RiceError DOWNLOAD_FAILED where it leads nowhere, out of the web, or from https to http
 */
export function followRedirect(from: URL, location: string | undefined, name: string): URL {
  const refuse = (reason: string) => new RiceError('DOWNLOAD_FAILED', `cannot fetch ${name}: ${reason}`);
  if (!location) throw refuse(`${from.host} redirects without saying where to`);
  if (!URL.canParse(location, from.href)) throw refuse(`${from.host} redirects to something that is no address`);
  const to = new URL(location, from.href);
  if (to.protocol !== 'http:' && to.protocol !== 'https:')
    throw refuse(`${from.host} redirects to a ${to.protocol} address`);
  if (from.protocol === 'https:' && to.protocol === 'http:' && !LOOPBACK.test(to.hostname))
    throw refuse(`${from.host} redirects from https to ${plainAddress(to)}, where anybody could change what is sent`);
  to.hash = '';
  return to;
}
