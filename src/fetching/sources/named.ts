import {existsSync} from 'node:fs';
import {resolve} from 'node:path';
import {RiceError} from '../../common/errors.ts';
import {plainAddress} from '../../common/plain-address.ts';
import {openContainer} from '../unpack/open-container.ts';
import {openHttpArchive} from './http-archive.ts';
import type {Source} from './source.ts';
import {withoutCredentials} from './without-credentials.ts';

/** An archive at a URL. @throws RiceError USAGE for an invalid URL */
export function httpAddress(address: string): Source {
  if (!URL.canParse(address))
    throw new RiceError(
      'USAGE',
      `--source ${withoutCredentials(address)} is not a valid URL: its server or port is malformed`,
    );
  const plain = plainAddress(address);
  return {
    name: plain,
    title: plain,
    address: plain,
    access: new URL(address).username === '' ? 'anonymous' : 'with the name and password of the address',
    available: true,
    open: (context) => openHttpArchive(address, undefined, context),
  };
}

/** An archive or a folder on this machine. */
export function localPath(path: string): Source {
  return {
    name: path,
    title: path,
    address: resolve(path),
    access: 'on this machine',
    available: existsSync(path),
    async open({signal, limits, onReading}) {
      return {
        container: await openContainer(path, {signal, limits, onProgress: onReading}),
        address: resolve(path),
        close() {},
      };
    },
  };
}
