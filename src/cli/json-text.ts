/** What JSON allows in a string as it is, and a terminal may take for a command or for another writing direction. */
const CONTROL = /[\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/**
 * A JSON document that may be printed: the same value as from `JSON.stringify`, with every control character escaped.
 *
 * @param indent spaces per level; without it the document is one line
 */
export function jsonText(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
