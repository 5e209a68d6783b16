import {accessSync, constants, readlinkSync} from 'node:fs';
import {dirname, resolve} from 'node:path';

/**
 * Every error that a user can meet, with its stable code. Code throws `RiceError`; the base command prints it and turns
 * it into an exit code. `docs/errors.md` is generated from this table.
 */
export const ERROR_CATALOGUE = {
  // Paths and files
  PATH_NOT_FOUND: {
    meaning: 'A file or folder that was named does not exist.',
    fix: 'Check the spelling; relative paths start at the current folder.',
  },
  PATH_NOT_READABLE: {meaning: 'A file or folder exists, but cannot be read.', fix: 'Check its permissions.'},
  PATH_NOT_WRITABLE: {
    meaning: 'A file or folder could not be written.',
    fix: 'Check the permissions and the free space, or choose another place.',
  },
  DISK_FULL: {
    meaning: 'The disk is full.',
    fix: 'Free some space, or choose another place.',
  },
  NO_IMAGES: {
    meaning: 'No image was found where images were expected.',
    fix: 'Name image files, or a folder that holds some (--recursive looks into its folders).',
  },
  // One image
  IMAGE_EMPTY: {meaning: 'The file has no bytes.', fix: 'Copy or export the picture again.'},
  IMAGE_UNSUPPORTED: {
    meaning: 'The bytes are not an image of a supported format.',
    fix: 'Convert it to one of the formats that the message names, to JPEG for instance.',
  },
  IMAGE_TRUNCATED: {meaning: 'The image ends before its last pixel.', fix: 'Copy or download the picture again.'},
  IMAGE_CORRUPT: {meaning: 'The image is damaged.', fix: 'Copy or export the picture again.'},
  IMAGE_TOO_LARGE: {
    meaning: 'The image has more pixels than the limit, or its file more than 256 MB.',
    fix: 'Shrink it, or raise the limit of pixels with --max-pixels.',
  },
  DOWNLOAD_FAILED: {
    meaning: 'An address could not be fetched.',
    fix: 'Check the address and the network, and try again.',
  },
  // Fetching a dataset
  SOURCE_UNAVAILABLE: {
    meaning: 'None of the sources could deliver the dataset.',
    fix: 'Check the network, or name a source of your own with --source: an address, an archive or a folder.',
  },
  ACCESS_DENIED: {
    meaning: 'A server wants credentials, or refuses those that it got.',
    fix: 'Set the credentials that rice fetch-data --list-sources names, or correct them.',
  },
  ARCHIVE_UNSUPPORTED: {
    meaning: 'What was fetched or named is no archive of a kind that can be unpacked.',
    fix: 'Name a .zip, .tar, .tar.gz or .tar.xz file, or unpack it and name the folder.',
  },
  ARCHIVE_DAMAGED: {
    meaning: 'The archive is incomplete or damaged.',
    fix: 'Fetch it again.',
  },
  ARCHIVE_UNSAFE: {
    meaning:
      'The archive holds something that does not belong into a dataset: a link, or a name that leads out of its folder.',
    fix: 'Do not trust it. Take another source.',
  },
  ARCHIVE_TOO_LARGE: {
    meaning: 'The archive holds more files or bytes than a dataset of pictures would.',
    fix: 'If it is to be trusted, unpack it yourself and name the folder with --source.',
  },
  DATASET_EXISTS: {
    meaning: 'At the place of the dataset there is something else, or another version of it.',
    fix: 'Name another place with --dest, or replace it with --force.',
  },
  DATASET_UNPROVED: {
    meaning: 'The files are not those of the published dataset, or not all of them.',
    fix: 'Take another source; or name with --digest what you expect.',
  },
  FETCH_INTERRUPTED: {
    meaning: 'Fetching was stopped on request; what was downloaded is kept.',
    fix: 'Run the command again: it goes on where it was.',
  },
  DVC_UNUSABLE: {
    meaning: 'The DVC repository cannot be used.',
    fix: 'Mend what the message names, or leave --dvc out.',
  },
  // Datasets
  DATASET_LAYOUT: {
    meaning: 'The folder is not laid out as one folder a label with images in it.',
    fix: 'Arrange it as DIR/Label/image.jpg.',
  },
  LABELS_INVALID: {
    meaning: 'A list of labels cannot be read, or does not fit the pictures.',
    fix: 'Correct the line that the message names. A list has a header, a column of paths and one of labels.',
  },
  DATASET_LABELS: {
    meaning: "The folders' names are not the labels of the model.",
    fix: 'Rename the folders after the labels.',
  },
  DATASET_TOO_SMALL: {
    meaning: 'There are too few images to train on.',
    fix: 'Add images: each label needs some in every part of the split.',
  },
  CACHE_DAMAGED: {
    meaning: 'The cache of prepared images is damaged, or was removed while it was in use.',
    fix: 'Run the command again: the cache is made anew.',
  },
  // Evaluation
  ACCURACY_TOO_LOW: {
    meaning: 'The accuracy is below what --min-accuracy asks for.',
    fix: 'Look at the mistakes (--report shows them), train a better model, or ask for less.',
  },
  // Models
  MODEL_NOT_FOUND: {
    meaning: 'The model file does not exist.',
    fix: 'Name an .onnx file with --model, or leave it out to use the model that ships with rice.',
  },
  MODEL_INVALID: {
    meaning: 'The file is not a model that onnxruntime can load, or no image classifier.',
    fix: 'Name an .onnx file written by rice train, or an external image classifier.',
  },
  MODEL_METADATA: {
    meaning:
      'Nothing says how the model is to be used: it carries no (or unusable) rice metadata, and no JSON file is beside it.',
    fix: 'Name an .onnx file written by rice train, or put a JSON file beside it: docs/external-models.md.',
  },
  MODEL_DESCRIPTION: {
    meaning: 'The JSON file beside an external model cannot be used, or contradicts the model.',
    fix: 'Correct the file: docs/external-models.md tells what it may hold.',
  },
  // Devices
  DEVICE_UNAVAILABLE: {
    meaning: 'The device that was asked for cannot be used here.',
    fix: 'Use --device cpu, or --device auto to take what there is.',
  },
  // Training
  RUN_NOT_FOUND: {
    meaning: 'The folder to resume from is not a training run.',
    fix: 'Name the folder that rice train printed.',
  },
  RUN_EXISTS: {
    meaning: "The run's folder is there already and is not empty.",
    fix: 'Name another with --out, or continue it with --resume.',
  },
  RUN_BUSY: {meaning: "Another process is training in this run's folder.", fix: 'Wait for it, or stop it first.'},
  RUN_DAMAGED: {meaning: 'A file of the run is missing or was changed.', fix: 'Start a new run.'},
  TRAINING_DIVERGED: {
    meaning: 'The loss is no longer a number.',
    fix: 'Lower --lr, or lower --clip-norm (0 means no limit).',
  },
  TRAINING_FAILED: {
    meaning: 'The training process ended unexpectedly.',
    fix: "Continue with --resume; if it happens again, look at the log in the run's folder.",
  },
  TRAINING_INTERRUPTED: {
    meaning: 'Training was stopped on request; a checkpoint was written.',
    fix: 'Continue with rice train --resume RUN.',
  },
  // Serving
  PORT_UNAVAILABLE: {
    meaning: 'The server cannot listen at the address that it was given.',
    fix: 'Name another with --port and --host, or stop what listens there.',
  },
  REQUEST_INVALID: {
    meaning: 'A request to the server is not understood, or holds no picture.',
    fix: 'Send a form with one or many files, or the bytes of a picture with its type: see /docs.',
  },
  REQUEST_TOO_LARGE: {
    meaning: 'A request to the server has more bytes, files or fields than it takes.',
    fix: 'Send less at once; the server sets its limits with --max-body and --max-files.',
  },
  REQUEST_TIMEOUT: {
    meaning: 'A request did not arrive in time.',
    fix: 'Send it again, or less at once.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    meaning: 'A request has a Content-Type or Content-Encoding that the server does not take.',
    fix: 'Send multipart/form-data, or the bytes of a picture as image/jpeg, image/png and so on.',
  },
  ROUTE_NOT_FOUND: {meaning: 'There is nothing at this address of the server.', fix: 'See /docs.'},
  METHOD_NOT_ALLOWED: {
    meaning: 'This address of the server takes other methods.',
    fix: 'The header Allow of the answer names them.',
  },
  UNAUTHORIZED: {
    meaning: 'The server wants its API key, and got none or another.',
    fix: 'Send the header Authorization: Bearer KEY.',
  },
  RATE_LIMITED: {
    meaning: 'A client has sent more requests in a minute than it may.',
    fix: 'Wait as long as the header Retry-After says.',
  },
  SERVER_BUSY: {
    meaning: 'The server has as much to do as it takes on.',
    fix: 'Try again after the seconds that the header Retry-After names.',
  },
  SERVER_STOPPING: {meaning: 'The server is about to end.', fix: 'Try again: another will answer.'},
  ANSWER_TIMEOUT: {
    meaning: 'The answer was not there in time.',
    fix: 'Try again after the seconds that the header Retry-After names, or send less at once.',
  },
  // Usage
  USAGE: {meaning: 'The command line is not understood.', fix: 'See --help.'},
  CONFIG_INVALID: {
    meaning: 'A configuration file or variable holds something that is not understood.',
    fix: 'See rice config for the known settings.',
  },
  OUT_OF_RANGE: {
    meaning: 'A number lies outside what makes sense.',
    fix: 'Give a value in the range that the message names.',
  },
  INTERNAL: {meaning: 'A defect in rice itself.', fix: 'Run again with DEBUG=rice and report what it prints.'},
} as const satisfies Record<string, {meaning: string; fix: string}>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export interface RiceErrorOptions {
  /** What to do next, most promising first; the catalogue's fix when left out. */
  suggestions?: string[];
  cause?: unknown;
}

/** An error with a stable code, a message that names the thing and the reason, and a way out. */
export class RiceError extends Error {
  override readonly name = 'RiceError';
  readonly code: ErrorCode;
  readonly suggestions: string[];

  constructor(code: ErrorCode, message: string, {suggestions, cause}: RiceErrorOptions = {}) {
    super(message, {cause});
    this.code = code;
    this.suggestions = suggestions ?? [ERROR_CATALOGUE[code].fix];
  }

  toJSON(): {code: ErrorCode; message: string; suggestions: string[]} {
    return {code: this.code, message: this.message, suggestions: this.suggestions};
  }
}

/** What the codes of `node:fs` mean to the user, without the path. */
const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'too many symbolic links',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENXIO: 'no process or device is at its other end',
  ENAMETOOLONG: 'the name is too long',
  EROFS: 'the disk is read-only',
  EMFILE: 'too many files are open',
  EIO: 'the disk or device fails',
};

/** Turns an error of `node:fs` into a catalogued one that names the path and the reason. */
export function fromFileSystemError(error: unknown, path: string, doing: 'read' | 'write'): RiceError {
  if (error instanceof RiceError) return error;
  const {code, message = String(error)} = (error ?? {}) as NodeJS.ErrnoException;
  // Making a folder of folders on a read-only disk fails with ENOENT.
  const barrier = code === 'ENOENT' && doing === 'write' ? writeBarrier(path) : undefined;
  if (barrier) return fromFileSystemError(barrier, path, doing);
  if (code === 'ENOENT') return new RiceError('PATH_NOT_FOUND', describeMissing(path), {cause: error});
  if (code === 'ENOTDIR') return new RiceError('PATH_NOT_FOUND', `${path}: ${REASONS[code]}`, {cause: error});
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new RiceError('DISK_FULL', `no space left on the disk to write ${path}`, {cause: error});
  // Node's own messages read "EFBIG: file too large, open 'path'".
  const reason = REASONS[code ?? ''] ?? message.replace(/, \w+( '.*)?$/s, '');
  const denied = code === 'EACCES' || code === 'EPERM';
  const suggestions = denied ? ['Check its permissions.'] : ['Name another file or folder.'];
  return new RiceError(
    doing === 'read' ? 'PATH_NOT_READABLE' : 'PATH_NOT_WRITABLE',
    `cannot ${doing} ${path}: ${reason}`,
    {...(doing === 'write' && denied ? {} : {suggestions}), cause: error},
  );
}

/** What forbids to write into the nearest folder that is there. */
function writeBarrier(path: string): unknown {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    try {
      accessSync(folder, constants.W_OK);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
      if (folder === dirname(folder)) return undefined;
    }
  }
}

function describeMissing(path: string): string {
  try {
    return `${path} is a link to ${readlinkSync(path)}, which does not exist`;
  } catch {
    return `${path || '""'} does not exist`;
  }
}
