import {type LoadOptions, load, loadAll} from 'js-yaml';

/** Typed as loosely as what `JSON.parse` returns. */
type Parsed = ReturnType<typeof JSON.parse>;

export function parseYaml(text: string, options?: LoadOptions): Parsed {
  return load(text, options);
}

/** Of several documents in one file. */
export function parseYamlDocuments(text: string): Parsed[] {
  return loadAll(text);
}
