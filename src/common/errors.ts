import {accessSync, constants, readlinkSync} from 'node:fs';
import {dirname, resolve} from 'node:path';

/**
 * Every error that a user can meet, with its stable code. The base command prints a `RiceError` and turns it into an exit
 * code. `docs/errors.md` is generated from this table.
 */
export const ERROR_CATALOGUE = {
  // Paths and files
  PATH_NOT_FOUND: {
    meaning: 'A file or folder does not exist.',
    fix: 'Check the spelling; relative paths start at the current folder.',
  },
  PATH_NOT_READABLE: {meaning: 'A file or folder exists, but cannot be read.', fix: 'Check its permissions.'},
  PATH_NOT_WRITABLE: {
    meaning: 'A file or folder could not be written.',
    fix: 'Check the permissions and the free space, or choose another folder.',
  },
  DISK_FULL: {
    meaning: 'The disk is full.',
    fix: 'Free some space, or choose another disk.',
  },
  NO_IMAGES: {
    meaning: 'No picture was found where pictures were expected.',
    fix: 'Name picture files, or a folder with pictures (--recursive also searches its subfolders).',
  },
  // One picture
  IMAGE_EMPTY: {meaning: 'The file is empty.', fix: 'Copy or export the picture again.'},
  IMAGE_UNSUPPORTED: {
    meaning: 'The file is not a picture in a supported image format.',
    fix: 'Convert it to one of the formats that the message names, such as JPEG.',
  },
  IMAGE_TRUNCATED: {meaning: 'The picture ends before its last pixel.', fix: 'Copy or download the picture again.'},
  IMAGE_CORRUPT: {meaning: 'The picture is damaged.', fix: 'Copy or export the picture again.'},
  IMAGE_TOO_LARGE: {
    meaning:
      'The picture has more pixels than the limit, or takes more memory to decode than a photograph of that size, or its file has more than 256 MB.',
    fix: 'Shrink it, or raise the pixel limit with --max-pixels.',
  },
  IMAGE_TOO_COSTLY: {
    meaning: 'Decoding the picture took more memory or time than there is, and was ended.',
    fix: 'Open the picture in another program, save it again as JPEG or PNG, or leave it out.',
  },
  REFERENCE_NOT_FOUND: {
    meaning: 'The coin, card, sheet or target that the scale was to be taken from is not in the picture.',
    fix: 'Show it as a whole, in even light, say where it is with --reference-at, or say the scale with --px-per-mm or --dpi.',
  },
  DOWNLOAD_FAILED: {
    meaning: 'A URL could not be fetched.',
    fix: 'Check the URL and the network, and try again.',
  },
  // Photographs of many grains
  CORRECTIONS_INVALID: {
    meaning: 'A file of corrections cannot be read, or says something that cannot be done.',
    fix: 'For rice scan, use a file that the page of rice serve saved (docs/scan.md); for labels, one as docs/audit.md describes.',
  },
  CORRECTIONS_MISMATCH: {
    meaning: 'The corrections were made on another picture, or on another version of it.',
    fix: 'Scan the picture that they were made on, unchanged, or leave out --corrections.',
  },
  // Fetching a dataset
  SOURCE_UNAVAILABLE: {
    meaning: 'None of the sources could deliver the dataset.',
    fix: 'Check the network, or name your own source with --source: a URL, an archive or a folder.',
  },
  ACCESS_DENIED: {
    meaning: 'A server requires credentials, or rejected those that were sent.',
    fix: 'Set or correct the credentials that rice fetch-data --list-sources names.',
  },
  ARCHIVE_UNSUPPORTED: {
    meaning: 'The source is not an archive of a supported format.',
    fix: 'Name a .zip, .tar, .tar.gz or .tar.xz file, or unpack it and name the folder.',
  },
  ARCHIVE_DAMAGED: {
    meaning: 'The archive is incomplete or damaged.',
    fix: 'Fetch it again.',
  },
  ARCHIVE_UNSAFE: {
    meaning:
      'The archive contains something that does not belong in a dataset: a link, or a name that leads out of its folder.',
    fix: 'Do not trust it. Use another source.',
  },
  ARCHIVE_TOO_LARGE: {
    meaning: 'The archive contains more files or bytes than expected of a dataset of pictures.',
    fix: 'If you trust it, allow it to unpack to more GB with --max-unpacked.',
  },
  DATASET_EXISTS: {
    meaning: 'The destination already contains something else, or another version of the dataset.',
    fix: 'Name another folder with --dest, or replace it with --force.',
  },
  DATASET_UNPROVED: {
    meaning: 'The files are not exactly those of the expected dataset.',
    fix: 'Use another source, or name the expected digest with --digest.',
  },
  FETCH_INTERRUPTED: {
    meaning: 'Fetching was stopped on request; what was downloaded is kept.',
    fix: 'Run the command again to resume it.',
  },
  DVC_UNUSABLE: {
    meaning: 'The DVC repository cannot be used.',
    fix: 'Fix what the message names, or omit --dvc.',
  },
  // Datasets
  DATASET_LAYOUT: {
    meaning: 'The folder does not contain one subfolder of pictures per label.',
    fix: 'Arrange it as DIR/Label/image.jpg.',
  },
  LABELS_INVALID: {
    meaning: 'A list of labels cannot be read, or does not fit the pictures.',
    fix: 'Correct the line that the message names. A list has a header, a column of paths and one of labels.',
  },
  DATASET_LABELS: {
    meaning: 'The names of the folders are not the labels of the model.',
    fix: 'Rename the folders to the labels.',
  },
  DATASET_TOO_SMALL: {
    meaning: 'There are too few pictures to train on.',
    fix: 'Add pictures: each label needs some in every part of the split.',
  },
  CACHE_DAMAGED: {
    meaning: 'The cache of prepared pictures is damaged, or was removed while it was in use.',
    fix: 'Run the command again: it rebuilds the cache.',
  },
  // Evaluation
  ACCURACY_TOO_LOW: {
    meaning: 'The accuracy is below --min-accuracy.',
    fix: 'Look at the mistakes (--report shows them), train a better model, or lower --min-accuracy.',
  },
  // Models
  MODEL_NOT_TEACHABLE: {
    meaning: 'No other model can be made from the model that was named.',
    fix: 'Name one that this version of rice wrote, or the one that comes with it: --from rice.',
  },
  TOO_FEW_PICTURES: {
    meaning: 'There are too few pictures to learn from and to measure what was learnt.',
    fix: 'Add pictures: ten of each label are a beginning, thirty are better.',
  },
  EXPLANATION_IMPOSSIBLE: {
    meaning: 'The score of the network is not a sum over the places of a picture, as an exact map needs.',
    fix: 'Leave the method out: the answer is then explained by hiding parts of the picture.',
  },
  FEATURES_MISSING: {
    meaning: 'Similar pictures cannot be found: the model has no features, or its training pictures are not here.',
    fix: 'Use the model of a run (--model runs/NAME), or name a folder of labeled pictures with --similar-to.',
  },
  MODEL_NOT_FOUND: {
    meaning: 'The model file does not exist.',
    fix: 'Name an .onnx file or the folder of a run, in most commands with --model; without it they use the model that comes with rice.',
  },
  MODEL_INVALID: {
    meaning: 'The file is not a model that onnxruntime can load, or not an image classifier.',
    fix: 'Name an .onnx file written by rice train, or an external image classifier.',
  },
  MODEL_DAMAGED: {
    meaning: 'The model file is not as rice wrote it: a byte of it was changed.',
    fix: 'Copy or download it again.',
  },
  MODEL_METADATA: {
    meaning:
      'Nothing describes how to use the model: it has no (or unusable) rice metadata, and no JSON file is beside it.',
    fix: 'Name an .onnx file written by rice train, or put a JSON file beside it: docs/external-models.md.',
  },
  MODEL_DESCRIPTION: {
    meaning: 'The JSON file beside an external model cannot be used, or contradicts the model.',
    fix: 'Correct the file: docs/external-models.md describes its content.',
  },
  // Pretrained weights
  WEIGHTS_INVALID: {
    meaning: 'A file of pretrained weights is damaged, or holds something else than named tensors.',
    fix: 'Download it again, or save the weights as .safetensors.',
  },
  WEIGHTS_NOT_FOUND: {
    meaning: 'No pretrained weights have that name, or they are not here and must not be downloaded.',
    fix: 'Check the name, or name a .safetensors or .pth file.',
  },
  WEIGHTS_LICENSE: {
    meaning: 'The license of the pretrained weights forbids commercial use.',
    fix: 'Use other weights, or allow these with --allow-non-commercial if your use is not commercial.',
  },
  WEIGHTS_MISMATCH: {
    meaning: 'Weights that others trained do not fit the network: names or shapes differ.',
    fix: 'Name weights of the same network, or the network that they belong to with --arch.',
  },
  // Signatures of models
  KEY_INVALID: {
    meaning: 'The key cannot be used to sign or to verify a model.',
    fix: 'Use an ECDSA key over the curve P-256, as PEM: docs/sign-and-card.md says how to make one.',
  },
  NOT_SIGNABLE: {
    meaning: 'The model that is to be signed or verified holds a link, or something else that is no file, or nothing.',
    fix: 'Replace links by the files that they lead to.',
  },
  SIGNATURE_UNREADABLE: {
    meaning: 'The file is not the signature of a model, or one of a kind that rice does not verify.',
    fix: 'Name a signature that was made with a key, as OpenSSF model signing 1.0 describes.',
  },
  SIGNATURE_OTHER_KEY: {
    meaning: 'The signature was made with another key.',
    fix: 'Verify it with the public key of whoever signed the model, from a source that you trust.',
  },
  SIGNATURE_INVALID: {
    meaning: 'The model, or its signature, was changed after it was signed.',
    fix: 'Do not use it. Get it again from whoever signed it.',
  },
  // Exporting
  EXPORT_IMPOSSIBLE: {
    meaning: 'The model cannot be exported in this format, or not without what the message names.',
    fix: 'Name another format, or what is missing: rice export --help lists both.',
  },
  EXPORT_INTERRUPTED: {
    meaning: 'The export was stopped on request; nothing was written.',
    fix: 'Start again: the prepared pictures are cached.',
  },
  OUTPUT_EXISTS: {
    meaning: 'The file or folder to write already exists.',
    fix: 'Name another one with --output, or replace it with --force.',
  },
  QUANTIZATION_REFUSED: {
    meaning: 'With 8 bits the model would be worse than the limits of docs/export.md allow.',
    fix: 'Use --format onnx-fp16, or name more pictures with --data.',
  },
  // Devices
  DEVICE_UNAVAILABLE: {
    meaning: 'The requested device cannot be used here.',
    fix: 'Use --device cpu, or --device auto to use an available one.',
  },
  // Training
  RUN_NOT_FOUND: {
    meaning: 'The folder to resume from is not a training run.',
    fix: 'Name the folder that rice train printed.',
  },
  RUN_NOT_TRACKED: {
    meaning: 'The run was not recorded with a tracker that is a service.',
    fix: 'Name a run that was trained with --track wandb or --track mlflow.',
  },
  RUN_EXISTS: {
    meaning: 'The run folder already exists and is not empty.',
    fix: 'Name another one with --out, or continue the run with --resume.',
  },
  RUN_BUSY: {meaning: 'Another process is training in this run folder.', fix: 'Wait for it, or stop it first.'},
  RUN_DAMAGED: {meaning: 'A file of the run is missing or was changed.', fix: 'Start a new run.'},
  TRAINING_DIVERGED: {
    meaning: 'The loss is no longer a number.',
    fix: 'Lower --lr, or lower --clip-norm (0 means no limit).',
  },
  TRAINING_FAILED: {
    meaning: 'The training process ended unexpectedly.',
    fix: 'Continue with --resume; if it happens again, look at the log in the run folder.',
  },
  TRAINING_INTERRUPTED: {
    meaning: 'Training was stopped on request; a checkpoint was written.',
    fix: 'Continue with rice train --resume RUN.',
  },
  // Searching hyper-parameters
  SWEEP_INVALID: {
    meaning: 'A sweep file has a key or a value that cannot be used.',
    fix: 'Correct the line that the message names: docs/tune.md says what a sweep has.',
  },
  SWEEP_NOT_FOUND: {
    meaning: 'The folder to resume from is not one of rice tune.',
    fix: 'Name the folder that rice tune printed.',
  },
  SWEEP_EXISTS: {
    meaning: 'The folder for the search already exists and is not empty.',
    fix: 'Name another one with --out, or continue the search with --resume.',
  },
  SWEEP_BUSY: {meaning: 'Another process searches in this folder.', fix: 'Wait for it, or stop it first.'},
  SWEEP_DAMAGED: {meaning: 'A file of a search is missing or was changed.', fix: 'Start a new search.'},
  TUNING_FAILED: {
    meaning: 'All of the first trials of a search failed.',
    fix: 'Look at what the message says of the first one, and correct the sweep.',
  },
  TUNING_INTERRUPTED: {
    meaning: 'A search was stopped on request; its trials are kept.',
    fix: 'Continue with rice tune --resume DIR.',
  },
  // Auditing
  AUDIT_INTERRUPTED: {
    meaning: 'The audit was stopped on request; what was computed is kept.',
    fix: 'Run the command again to go on.',
  },
  // Benchmarking
  MACHINE_BUSY: {
    meaning: 'Other programs use the processor, so that a measured speed would not be that of the model alone.',
    fix: 'End or pause them, or go on with --allow-busy, which marks every figure.',
  },
  BENCHMARK_FAILED: {
    meaning: 'A process in which a model was measured ended unexpectedly, or did not answer.',
    fix: 'Run again with one model, device and batch size at a time to see which it is.',
  },
  BENCHMARK_INTERRUPTED: {
    meaning: 'The benchmark was stopped on request, before there was a result.',
    fix: 'Run the command again; fewer --rounds and --seconds take less time.',
  },
  // Serving
  PORT_UNAVAILABLE: {
    meaning: 'The server cannot listen on the given address.',
    fix: 'Name another one with --port and --host, or stop the process that listens there.',
  },
  REQUEST_INVALID: {
    meaning: 'A request to the server is invalid, or contains no picture.',
    fix: 'Send a form with one or more files, or the bytes of a picture with its content type: see /docs.',
  },
  REQUEST_TOO_LARGE: {
    meaning: 'A request to the server has too many bytes, files or fields.',
    fix: 'Send less at once; the flags --max-body and --max-files of the server set the limits.',
  },
  REQUEST_TIMEOUT: {
    meaning: 'A request did not arrive in time.',
    fix: 'Send it again, or less at once.',
  },
  MEDIA_TYPE_UNSUPPORTED: {
    meaning: 'A request has a Content-Type or Content-Encoding that the server does not support.',
    fix: 'Send multipart/form-data, or the bytes of a picture as image/jpeg, image/png and so on.',
  },
  ROUTE_NOT_FOUND: {meaning: 'The server has no such path.', fix: 'See /docs.'},
  METHOD_NOT_ALLOWED: {
    meaning: 'This path of the server does not support the method.',
    fix: 'The Allow header of the answer lists the supported methods.',
  },
  UNAUTHORIZED: {
    meaning: 'The server requires an API key, and got none or a wrong one.',
    fix: 'Send the header Authorization: Bearer KEY.',
  },
  HOST_NOT_ALLOWED: {
    meaning: 'The request asks for a host name that the server is not known by.',
    fix: 'Ask for its address, or start it with --allowed-host and the name.',
  },
  RATE_LIMITED: {
    meaning: 'A client has sent too many requests in a minute.',
    fix: 'Try again after the number of seconds in the Retry-After header.',
  },
  SERVER_BUSY: {
    meaning: 'The server is overloaded.',
    fix: 'Try again after the number of seconds in the Retry-After header.',
  },
  SERVER_STOPPING: {meaning: 'The server is shutting down.', fix: 'Try again: another server may answer.'},
  ANSWER_TIMEOUT: {
    meaning: 'The answer was not ready in time.',
    fix: 'Try again after the number of seconds in the Retry-After header, or send less at once.',
  },
  // Usage
  USAGE: {meaning: 'The command line is invalid.', fix: 'See --help.'},
  CONFIG_INVALID: {
    meaning: 'A configuration file or variable has an unknown key or an invalid value.',
    fix: 'See rice config for all settings.',
  },
  OUT_OF_RANGE: {
    meaning: 'A number is out of range.',
    fix: 'Use a value in the range that the message gives.',
  },
  INTERNAL: {meaning: 'A bug in rice itself.', fix: 'Run again with DEBUG=rice and report what it prints.'},
} as const satisfies Record<string, {meaning: string; fix: string}>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export interface RiceErrorOptions {
  /** What to do next, the most promising first; by default the fix from the catalogue. */
  suggestions?: string[];
  cause?: unknown;
}

/** An error with a stable code, a message with the reason, and suggestions for the user. */
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

/** The meaning of `node:fs` error codes, for messages. */
const REASONS: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'too many symbolic links',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENXIO: 'no process or device is at the other end',
  ENAMETOOLONG: 'the name is too long',
  EROFS: 'the disk is read-only',
  EMFILE: 'too many files are open',
  EIO: 'the disk or device fails',
};

/** Turns an error of `node:fs` into a `RiceError` with the path and the reason. */
export function fromFileSystemError(error: unknown, path: string, doing: 'read' | 'write'): RiceError {
  if (error instanceof RiceError) return error;
  const {code, message = String(error)} = (error ?? {}) as NodeJS.ErrnoException;
  // Creating nested folders on a read-only disk fails with ENOENT.
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

/** The error, if any, that forbids writing into the nearest existing parent folder. */
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
