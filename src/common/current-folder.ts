/** The current folder; undefined if it was deleted. Absolute paths work without one. */
export function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
