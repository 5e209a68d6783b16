import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {packageRoot} from '../../common/package-root.ts';

export type JsonSchema = Record<string, unknown>;

/** Schemas of `schemas/` that describe what the server answers, by the name that they have in the description. */
const FILES = {Predictions: 'serve-predict', ErrorAnswer: 'error', InferenceAnswer: 'serve-inference', Scan: 'scan'};

/**
 * The schemas that the tests hold the answers against, as components of the description: parts that they define for
 * themselves become components as well, and those of a scan, whose grains are others, carry its name.
 */
export function readSchemas(): Record<string, JsonSchema> {
  const components: Record<string, JsonSchema> = {};
  for (const [name, file] of Object.entries(FILES)) {
    const prefix = name === 'Scan' ? name : '';
    const text = readFileSync(join(packageRoot(), 'schemas', `${file}.schema.json`), 'utf8');
    const schema = JSON.parse(text, (_, value) => moveReference(value, prefix)) as JsonSchema & {$defs?: object};
    const {$schema: _, $id: __, $defs = {}, ...rest} = schema;
    components[name] = rest;
    for (const [part, definition] of Object.entries($defs))
      components[prefix + capitalised(part)] = definition as JsonSchema;
  }
  return components;
}

function moveReference(value: unknown, prefix: string): unknown {
  const {$ref} = (value ?? {}) as {$ref?: unknown};
  if (typeof $ref !== 'string') return value;
  const moved = $ref.replace(/^#\/\$defs\/(.*)$/, (_, part: string) => {
    return `#/components/schemas/${prefix}${capitalised(part)}`;
  });
  return {...(value as object), $ref: moved};
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
