/** The content of a `.dvc` file for a folder. */
export interface DvcOutput {
  /** The name of the tree object, `<md5>.dir`. */
  digest: string;
  bytes: number;
  files: number;
  /** The name of the folder, which is beside the file. */
  name: string;
}

/** The text of a `.dvc` file (format 3.x), as `dvc add` writes it. */
export function dvcFileText({digest, bytes, files, name}: DvcOutput): string {
  return `outs:\n- md5: ${digest}\n  size: ${bytes}\n  nfiles: ${files}\n  hash: md5\n  path: ${yamlString(name)}\n`;
}

/** Whether a `.dvc` file already has this output; other lines, such as a description, are allowed. */
export function hasOutput(text: string, output: DvcOutput): boolean {
  const normalize = (line: string) => line.replace(/^\s*(?:- )?\s*/, '').trimEnd();
  const lines = text.split('\n').map(normalize);
  const expected = dvcFileText(output).trimEnd().split('\n').map(normalize);
  return expected.every((line) => lines.filter((other) => other === line).length === 1);
}

/** Words that YAML does not parse as strings. */
const RESERVED = /^(true|false|yes|no|on|off|y|n|null)$/i;

/** Plain if that is unambiguous, in single quotes if no escapes are needed, else in double quotes. */
function yamlString(text: string): string {
  if (/^[\p{L}_]([\p{L}\p{N}_. ()-]*[\p{L}\p{N}_.()-])?$/u.test(text) && !RESERVED.test(text)) return text;
  if (/^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  // JSON is valid YAML, except for characters that must be escaped only in YAML.
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
