import type {ScoreParts} from '../types.ts';

/** What people call the numbers that a network measures of a whole grain. */
const NAMES: Readonly<Record<string, string>> = {
  'log area': 'size',
  'log aspect ratio': 'length to width',
  'log red / green': 'color, red',
  'log blue / green': 'color, blue',
  'log green': 'brightness',
  'log softness': 'soft edge',
  saturation: 'white parts',
  'log contrast': 'contrast',
  'light along': 'light along it',
  'light across': 'light across it',
};

/** The parts of a score by what people call them, the largest first; what adds little is summed up. */
export function namedParts({places, numbers, constant}: ScoreParts, most: number): [name: string, amount: number][] {
  const named = Object.entries(numbers).map(([name, amount]): [string, number] => [NAMES[name] ?? name, amount]);
  named.sort(([, a], [, b]) => Math.abs(b) - Math.abs(a));
  const rest = named.slice(most).reduce((sum, [, amount]) => sum + amount, 0);
  return [
    ['what the map shows', places],
    ...named.slice(0, most),
    ...(named.length > most ? [['other measures', rest] as [string, number]] : []),
    ['whatever is shown', constant],
  ];
}

/** With a sign, as `+1.25`. */
export function signed(amount: number): string {
  return `${amount < 0 ? '-' : '+'}${Math.abs(amount).toFixed(2)}`;
}
