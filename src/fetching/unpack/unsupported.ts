import {RiceError} from '../../common/errors.ts';

/** An archive that other programs may unpack. */
export function unsupported(name: string, reason: string, cause?: Error): RiceError {
  return new RiceError('ARCHIVE_UNSUPPORTED', `${name} cannot be unpacked: ${reason}`, {
    cause,
    suggestions: ['Unpack it with another program, and name the folder with --source.'],
  });
}
