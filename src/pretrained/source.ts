import {statSync} from 'node:fs';
import {fromFileSystemError, RiceError} from '../common/errors.ts';
import {nearest} from '../common/nearest-word.ts';
import {ARCHITECTURES, type KnownArchitecture} from './catalogue.ts';

/** Where weights come from: a file, or a tag of the hub. */
export type WeightsSource = {path: string; tag?: never} | {tag: string; path?: never};

const FILE = /\.(safetensors|pth|pt|bin)$/i;
const TAG = /^(?:timm\/)?(\w+)(\.\w+)?$/;

/**
 * What a user means by a source: a path where there is a file or its name ends like one; else a tag, which must be of the
 * architecture. The name of the architecture alone is its default tag.
 *
 * @throws RiceError USAGE for an unknown architecture; WEIGHTS_NOT_FOUND; PATH_NOT_READABLE
 */
export function parseSource(architecture: string, source: string | undefined): WeightsSource {
  const known = knownArchitecture(architecture);
  const [{tag: defaultTag}] = known.weights;
  if (source === undefined) return {tag: defaultTag};
  if (FILE.test(source) || isFile(source)) return {path: source};
  const [, name, variant] = TAG.exec(source) ?? [];
  if (name === undefined)
    throw new RiceError(
      'WEIGHTS_NOT_FOUND',
      `${source} is neither a file of weights nor a tag of timm, such as ${defaultTag}`,
      {suggestions: ['Name a .safetensors or .pth file, or a tag.']},
    );
  if (variant === undefined && (name === architecture || name === known.timm)) return {tag: defaultTag};
  if (variant !== undefined && name === known.timm) return {tag: name + variant};
  throw notOf(architecture, name + (variant ?? ''));
}

function isFile(source: string): boolean {
  try {
    return statSync(source, {throwIfNoEntry: false})?.isFile() ?? false;
  } catch (error) {
    throw fromFileSystemError(error, source, 'read');
  }
}

/** @throws RiceError USAGE */
export function knownArchitecture(architecture: string): KnownArchitecture {
  if (Object.hasOwn(ARCHITECTURES, architecture)) return ARCHITECTURES[architecture];
  const names = Object.keys(ARCHITECTURES);
  const near = nearest(architecture, names);
  throw new RiceError('USAGE', `there are no pretrained weights for ${architecture}, only for ${names.join(', ')}`, {
    suggestions: near === undefined ? [] : [`Did you mean ${near}?`],
  });
}

function notOf(architecture: string, tag: string): RiceError {
  const [first] = tag.split('.');
  const [other] = Object.entries(ARCHITECTURES).find(([name, {timm}]) => timm === first || name === first) ?? [];
  const reason =
    other === undefined
      ? `${tag} is not a tag of ${architecture}: those are ${ARCHITECTURES[architecture].timm}.NAME`
      : `${tag} has the weights of ${other}, not of ${architecture}`;
  return new RiceError('WEIGHTS_NOT_FOUND', reason, {suggestions: suggestTags(architecture, tag)});
}

/** What may have been meant by a tag that does not exist. */
export function suggestTags(architecture: string, tag: string): string[] {
  const tags = knownArchitecture(architecture).weights.map((each) => each.tag);
  const near = nearest(tag, tags);
  return [...(near === undefined ? [] : [`Did you mean ${near}?`]), `Known tags: ${tags.join(', ')}.`];
}
