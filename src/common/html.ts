/** Text that is already HTML. Only `html` and `raw` create it, so that everything else is escaped. */
export class Html {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }
}

type Value = Html | string | number | undefined | readonly Value[];

/**
 * A template that escapes its values, for content and quoted attributes, unless they are `Html`. Lists are joined;
 * `undefined` becomes an empty string.
 */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(parts.reduce((text, part, i) => text + textOf(values[i - 1]) + part));
}

/** For trusted text of this code, such as a style sheet. */
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
 * Names come from file systems and models. Besides HTML's special characters, this escapes control characters and those
 * that change the writing direction, so that a name cannot look like another one.
 */
function escaped(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (character) => {
      return `\\u{${character.codePointAt(0)!.toString(16)}}`;
    })
    .replaceAll(/[&<>"'`]/g, (character) => ENTITIES[character]);
}
