/** Text that is HTML already; only `html` and `raw` make it, so that nothing else stays unescaped. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Value = Html | string | number | undefined | readonly Value[];

/**
 * A template whose values are escaped, for content and for quoted attributes alike, unless they are `Html`. Lists are
 * joined; `undefined` is nothing.
 */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.reduce((text, part, i) => text + textOf(values[i - 1]) + part));
}

/** For what this code itself wrote, such as a style sheet. */
export function raw(text: string): Html {
  return new Html(text);
}

function textOf(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return escaped(String(value));
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/**
 * Names come from file systems and models: beside what means something in HTML, control characters and those that turn
 * the direction of writing are shown as what they are, so that a name cannot look like another.
 */
function escaped(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (character) => {
      return `\\u{${character.codePointAt(0)!.toString(16)}}`;
    })
    .replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character]);
}
