import {type NetworkInterfaceInfo, networkInterfaces} from 'node:os';
import type {ChalkInstance} from 'chalk';
import {renderUnicodeCompact} from 'uqr';

/**
 * Where others on the network reach a server that listens at every address; undefined for a server that does not, or on a
 * machine without a network.
 *
 * @param url where it listens, such as `http://0.0.0.0:8080`
 */
export function networkUrl(url: string, interfaces = networkInterfaces()): string | undefined {
  const {hostname, port} = new URL(url);
  if (hostname !== '0.0.0.0' && hostname !== '[::]') return undefined;
  const addresses = Object.values(interfaces).flatMap((list: NetworkInterfaceInfo[] = []) => list);
  const found = addresses.find(({family, internal}) => family === 'IPv4' && !internal);
  return found && `http://${found.address}${port === '' ? '' : `:${port}`}`;
}

/** A QR code in half blocks for the camera of a phone. @param style colors that make its light parts light anywhere */
export function qrCode(text: string, style: ChalkInstance): string {
  const lines = renderUnicodeCompact(text, {border: 2}).split('\n');
  return lines.map((line) => style.bgBlack.whiteBright(line)).join('\n');
}
