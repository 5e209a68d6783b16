const SHORT: Record<string, string> = {'\n': '\\n', '\r': '\\r', '\t': '\\t'};

/** A name or message on one line, with control characters shown as escapes: a file's name must not steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(
    /\p{Cc}/gu,
    (character) => SHORT[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
