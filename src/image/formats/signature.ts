/** Whether a file starts with these bytes. */
export function startsWith(bytes: Uint8Array, signature: readonly number[], at = 0): boolean {
  for (let i = 0; i < signature.length; i++) if (bytes[at + i] !== signature[i]) return false;
  return true;
}

/** A few bytes as text, one character a byte; shorter where the file ends. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
