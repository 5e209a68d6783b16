interface Nested {
  [key: string]: number | Nested;
}

/**
 * Names with slashes as levels, as DVCLive stores metrics: `train/loss` as `{train: {loss}}`. A name below one that is a
 * number itself stays as it is.
 */
export function nest(values: Record<string, number>): Nested {
  const result: Nested = {};
  for (const [name, value] of Object.entries(values)) {
    const levels = name.split('/');
    let place: Nested | undefined = result;
    for (const level of levels.slice(0, -1)) {
      place[level] ??= {};
      const next: number | Nested = place[level];
      if (typeof next === 'number') {
        place = undefined;
        break;
      }
      place = next;
    }
    const last = levels.at(-1)!;
    if (place === undefined || typeof place[last] === 'object') result[name] = value;
    else place[last] = value;
  }
  return result;
}
