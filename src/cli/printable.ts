const SHORT: Record<string, string> = {'\n': '\\n', '\r': '\\r', '\t': '\\t'};

/** Control characters, separators of lines, and what turns the direction of writing around. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/**
 * A name or message on one line, with what could steer the terminal or pass for another name shown as escapes: `\n`,
 * `\x1b`, `\u202e`.
 */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => SHORT[character] ?? escaped(character.charCodeAt(0).toString(16)));
}

function escaped(hex: string): string {
  return hex.length > 2 ? `\\u${hex.padStart(4, '0')}` : `\\x${hex.padStart(2, '0')}`;
}
