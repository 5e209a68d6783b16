/** The same fields without those that are undefined, which `exactOptionalPropertyTypes` tells from missing ones. */
export function defined<Fields extends object>(
  fields: Fields,
): {[Name in keyof Fields]?: Exclude<Fields[Name], undefined>} {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
