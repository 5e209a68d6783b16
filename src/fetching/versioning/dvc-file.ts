/** What a `.dvc` file says of a folder. */
export interface DvcOutput {
  /** The name of the tree object, `<md5>.dir`. */
  digest: string;
  bytes: number;
  files: number;
  /** The folder's name; it lies beside the file. */
  name: string;
}

/** The text of a `.dvc` file (format 3.x), as `dvc add` writes it. */
export function dvcFileText({digest, bytes, files, name}: DvcOutput): string {
  return `outs:\n- md5: ${digest}\n  size: ${bytes}\n  nfiles: ${files}\n  hash: md5\n  path: ${yamlString(name)}\n`;
}

/** Whether a `.dvc` file says that already, with or without more, such as a description that someone has added. */
export function saysTheSame(text: string, output: DvcOutput): boolean {
  const normalize = (line: string) => line.replace(/^\s*(?:- )?\s*/, '').trimEnd();
  const lines = text.split('\n').map(normalize);
  const wanted = dvcFileText(output).trimEnd().split('\n').map(normalize);
  return wanted.every((line) => lines.filter((other) => other === line).length === 1);
}

/** Words that YAML takes for something else than text. */
const RESERVED = /^(true|false|yes|no|on|off|y|n|null)$/i;

/** Plain where that can mean nothing else, in single quotes where all can be written as it is, else in double quotes. */
function yamlString(text: string): string {
  if (/^[\p{L}_]([\p{L}\p{N}_. ()-]*[\p{L}\p{N}_.()-])?$/u.test(text) && !RESERVED.test(text)) return text;
  if (/^[\p{L}\p{N}\p{P}\p{S} ]*$/u.test(text)) return `'${text.replaceAll("'", "''")}'`;
  // JSON is YAML, but for the characters that YAML wants escaped and JSON does not.
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
