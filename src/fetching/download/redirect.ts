import {RiceError} from '../../common/errors.ts';
import {plainAddress} from '../../common/plain-address.ts';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The target of a redirect.
 *
 * @param name what is fetched, for messages
 * @throws RiceError DOWNLOAD_FAILED for an invalid target, another protocol, or a redirect from https to http
 */
export function followRedirect(from: URL, location: string | undefined, name: string): URL {
  const refuse = (reason: string) => new RiceError('DOWNLOAD_FAILED', `cannot fetch ${name}: ${reason}`);
  if (!location) throw refuse(`${from.host} redirects without a target`);
  if (!URL.canParse(location, from.href)) throw refuse(`${from.host} redirects to an invalid URL`);
  const to = new URL(location, from.href);
  if (to.protocol !== 'http:' && to.protocol !== 'https:')
    throw refuse(`${from.host} redirects to a ${to.protocol} URL`);
  if (from.protocol === 'https:' && to.protocol === 'http:' && !LOOPBACK.test(to.hostname))
    throw refuse(
      `${from.host} redirects from https to ${plainAddress(to)}, where the content could be changed on the way`,
    );
  to.hash = '';
  return to;
}
