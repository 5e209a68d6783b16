import {RiceError} from '../../common/errors.ts';
import {nearest} from '../../common/nearest-word.ts';
import type {YamlList, YamlMap, YamlNode} from './yaml-tree.ts';

/** Takes values from a sweep file, and says of a wrong one where it stands, what it is called and what is expected. */
export class SweepReader {
  constructor(readonly file: string) {}

  fail(line: number, path: string, reason: string, suggestions?: string[]): never {
    throw new RiceError(
      'SWEEP_INVALID',
      `${this.file}:${line}: ${path}${path === '' ? '' : ' '}${reason}`,
      suggestions ? {suggestions} : {},
    );
  }

  map(node: YamlNode, path: string): YamlMap {
    if (node.kind === 'map') return node;
    return this.fail(node.line, path, 'must be names with values');
  }

  list(node: YamlNode, path: string): YamlList {
    if (node.kind === 'list') return node;
    return this.fail(node.line, path, 'must be a list, as in [1, 2, 3]');
  }

  text(node: YamlNode, path: string): string {
    if (node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '') return node.value;
    return this.fail(node.line, path, 'must be a text');
  }

  number(node: YamlNode, path: string): number {
    if (node.kind === 'scalar' && typeof node.value === 'number' && Number.isFinite(node.value)) return node.value;
    const got = node.kind === 'scalar' ? `, got ${JSON.stringify(node.value)}` : '';
    return this.fail(node.line, path, `must be a number${got}`);
  }

  integer(node: YamlNode, path: string, least: number): number {
    const value = this.number(node, path);
    if (Number.isInteger(value) && value >= least) return value;
    return this.fail(node.line, path, `must be a whole number from ${least} on, got ${value}`);
  }

  oneOf<Word extends string>(node: YamlNode, path: string, words: readonly Word[]): Word {
    const value = node.kind === 'scalar' ? String(node.value) : '';
    if ((words as readonly string[]).includes(value)) return value as Word;
    const near = nearest(value, words);
    return this.fail(node.line, path, `must be one of ${words.join(', ')}${value ? `, got ${value}` : ''}`, [
      near ? `Did you mean ${near}?` : `Write one of ${words.join(', ')}.`,
    ]);
  }

  required(map: YamlMap, key: string, path: string): YamlNode {
    const entry = map.entries.find((each) => each.key === key);
    if (entry) return entry.value;
    return this.fail(map.line, path, `needs ${key}`, [`Add ${key}.`]);
  }

  /** @param known keys that are known, though not here, for the hint */
  checkKeys(map: YamlMap, path: string, allowed: readonly string[], known: readonly string[] = allowed): void {
    for (const {key, line} of map.entries) {
      if (allowed.includes(key)) continue;
      const inner = path === '' ? key : `${path}.${key}`;
      if (known.includes(key))
        this.fail(line, inner, `does not go with the other keys here: ${allowed.join(', ')}`, [`Remove ${key}.`]);
      const near = nearest(key, allowed);
      this.fail(line, inner, 'is not a key that sweeps have', [
        near ? `Did you mean ${near}?` : `Known here: ${allowed.join(', ')}.`,
      ]);
    }
  }
}
