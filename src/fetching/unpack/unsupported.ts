import {RiceError} from '../../common/errors.ts';

/** The error for an archive that only other programs may be able to unpack. */
export function unsupported(name: string, reason: string, cause?: Error): RiceError {
  return new RiceError('ARCHIVE_UNSUPPORTED', `${name} cannot be unpacked: ${reason}`, {
    cause,
    suggestions: ['Unpack it with another program, and name the folder with --source.'],
  });
}
