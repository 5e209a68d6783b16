import {RiceError} from '../common/errors.ts';
import {nearest} from '../common/nearest-word.ts';
import type {ConfigFile} from './config-files.ts';
import {SHARED_FLAGS, UNSETTABLE_FLAGS} from './flags.ts';
import {toCamelCase} from './names.ts';

/**
 * Rejects unknown keys: otherwise a misspelled setting would be ignored silently.
 * @param commands the flag names of each command, by its id
 * @throws RiceError CONFIG_INVALID, naming the file, the key and the nearest known one
 */
export function checkKeys(file: ConfigFile, commands: ReadonlyMap<string, string[]>): void {
  const shared = SHARED_FLAGS.map(toCamelCase);
  const sections = new Map([...commands].map(([id, flags]) => [toCamelCase(id), settable(flags)]));
  for (const [key, value] of Object.entries(file.content)) {
    if (shared.includes(key)) continue;
    const known = sections.get(key);
    if (!known) throw unknownKey(file, key, [...shared, ...sections.keys()], ownersOf(key, sections));
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new RiceError(
        'CONFIG_INVALID',
        `${file.path}: ${key}: expected the settings of rice ${key} as names and values`,
      );
    for (const inner of Object.keys(value))
      if (!known.includes(inner))
        throw unknownKey(
          file,
          `${key}.${inner}`,
          known.map((name) => `${key}.${name}`),
        );
  }
}

const settable = (flags: string[]) => flags.filter((name) => !UNSETTABLE_FLAGS.includes(name)).map(toCamelCase);

/** The correct keys for a setting that belongs to a command, such as `predict.topK`. */
function ownersOf(key: string, sections: Map<string, string[]>): string[] {
  return [...sections].filter(([, flags]) => flags.includes(key)).map(([section]) => `${section}.${key}`);
}

function unknownKey(file: ConfigFile, key: string, known: string[], owners: string[] = []): RiceError {
  const near = nearest(key, known);
  const suggestions = owners.length > 0 ? [`Put it under its command: ${owners.join(' or ')}.`] : [];
  if (owners.length === 0 && near) suggestions.push(`Did you mean ${near}?`);
  suggestions.push(`Known here: ${known.join(', ')}.`);
  return new RiceError('CONFIG_INVALID', `${file.path}: unknown key ${key}`, {suggestions});
}
