/** Removes undefined fields, because `exactOptionalPropertyTypes` does not accept them for optional ones. */
export function defined<Fields extends object>(
  fields: Fields,
): {[Name in keyof Fields]?: Exclude<Fields[Name], undefined>} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
