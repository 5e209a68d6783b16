import {hash} from 'node:crypto';
import {readFileSync, statSync} from 'node:fs';
import {basename} from 'node:path';
import {defined} from '../common/defined.ts';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {digestInName, knownFile} from './catalogue.ts';
import {isPth, readPth} from './formats/pth.ts';
import {readSafetensors} from './formats/safetensors.ts';
import {checkLicense} from './license.ts';
import {type LoadWeightsOptions, MOST_BYTES} from './options.ts';
import {knownArchitecture} from './source.ts';
import type {PretrainedWeights} from './weights.ts';

/**
 * The weights in a file, of whichever format its bytes are. A file that was published is recognized by its digest, so that its
 * license and normalization are known.
 *
 * @throws RiceError WEIGHTS_INVALID, WEIGHTS_LICENSE, PATH_...
 */
export async function weightsOfFile(
  architecture: string,
  path: string,
  {allowNonCommercial}: LoadWeightsOptions,
): Promise<PretrainedWeights> {
  const source = basename(path);
  const bytes = read(path);
  const sha256 = hash('sha256', bytes);
  const stated = digestInName(source);
  if (stated !== undefined && !sha256.startsWith(stated))
    throw new RiceError(
      'WEIGHTS_INVALID',
      `${path} is damaged: by its name its SHA-256 begins with ${stated}, but it is ${sha256}`,
    );
  const {license, normalization} = knownFile(sha256) ?? {};
  const [instead] = knownArchitecture(architecture).weights;
  checkLicense({name: source, license, instead}, allowNonCommercial);
  const tensors = isPth(bytes)
    ? await readPth(path, bytes, {name: path, most: MOST_BYTES})
    : readSafetensors(checkKind(bytes, path), path).tensors;
  if (tensors.size === 0) throw new RiceError('WEIGHTS_INVALID', `${path} has no weights`);
  const record = {source, ...defined({license}), bytes: bytes.length, sha256};
  return {tensors, record, ...defined({normalization})};
}

function read(path: string): Buffer {
  try {
    const stats = statSync(path);
    // A device or a pipe says that it has 0 bytes, and may have no end.
    if (!stats.isFile() && !stats.isDirectory()) throw new RiceError('WEIGHTS_INVALID', `${path} is not a file`);
    if (stats.size <= MOST_BYTES) return readFileSync(path);
  } catch (error) {
    throw fromFileSystemError(error, path, 'read');
  }
  throw new RiceError('WEIGHTS_INVALID', `${path} has more than ${MOST_BYTES / 1e9} GB`);
}

/** What people often have in place of a file of weights. */
const MISTAKES: [begin: RegExp, what: string, remedy: string][] = [
  [
    /^version https:\/\/git-lfs/,
    'the pointer of Git LFS to the file, not the file',
    'Run git lfs pull where it is from.',
  ],
  [/^\s*<(!doctype|html)/i, 'a web page', 'Download the file itself: its address has /resolve/ in it, not /blob/.'],
  [/^$/, 'empty', 'Copy or download it again.'],
];

/** @throws RiceError WEIGHTS_INVALID for what is certainly no file of weights */
function checkKind(bytes: Buffer, path: string): Buffer {
  const begin = bytes.toString('latin1', 0, 100);
  const [, what, remedy] = MISTAKES.find(([pattern]) => pattern.test(begin)) ?? [];
  if (what === undefined && !isHeader(bytes))
    throw new RiceError('WEIGHTS_INVALID', `${path} is neither a file of safetensors nor one of PyTorch`, {
      suggestions: ['Name a .safetensors or .pth file.'],
    });
  if (what === undefined) return bytes;
  throw new RiceError('WEIGHTS_INVALID', `${path} is ${what}`, {suggestions: remedy === undefined ? [] : [remedy]});
}

/** Whether a file begins as one of safetensors, damaged or not: with the length of a header, and its brace. */
function isHeader(bytes: Buffer): boolean {
  return bytes.length < 9 || bytes[8] === 0x7b || bytes.readBigUInt64LE(0) < BigInt(bytes.length);
}
