import type {Json} from '../common/json-value.ts';

/** Nested settings as one level, with dotted names: `{schedule: {epochs: 3}}` as `schedule.epochs`. Lists stay as JSON. */
export function flatten(config: {[key: string]: Json}, prefix = ''): Record<string, null | boolean | number | string> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) => {
      if (Array.isArray(value)) return [[prefix + key, JSON.stringify(value)]];
      if (typeof value === 'object' && value !== null) return Object.entries(flatten(value, `${prefix}${key}.`));
      return [[prefix + key, value]];
    }),
  );
}
