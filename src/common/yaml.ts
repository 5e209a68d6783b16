import type {Json} from './json-value.ts';

const PLAIN_KEY = /^[A-Za-z_][\w./-]*$/;
/** Keys that YAML 1.1 reads as something else than text. */
const RESERVED = /^(true|false|yes|no|on|off|null|y|n)$/i;
/** What JSON leaves in a text and YAML takes for the end of a line, or does not allow. */
const UNQUOTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** JSON values as YAML that readers of version 1.1 and of version 1.2 understand alike; texts are quoted. */
export function toYaml(value: Json, indent = ''): string {
  if (Array.isArray(value) && value.length > 0)
    return value.map((item) => `${indent}- ${nested(item, indent)}`).join('');
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0)
    return Object.entries(value)
      .map(([key, item]) => `${indent}${keyText(key)}:${under(item, indent)}`)
      .join('');
  return `${indent}${scalar(value)}\n`;
}

/** An item of a list: a mapping begins on the line of the dash. */
function nested(item: Json, indent: string): string {
  return isBlock(item) ? toYaml(item, `${indent}  `).slice(indent.length + 2) : `${scalar(item)}\n`;
}

function under(item: Json, indent: string): string {
  return isBlock(item) ? `\n${toYaml(item, `${indent}  `)}` : ` ${scalar(item)}\n`;
}

function isBlock(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function keyText(key: string): string {
  return PLAIN_KEY.test(key) && !RESERVED.test(key) ? key : quoted(key);
}

function scalar(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'number') return JSON.stringify(value);
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  // YAML 1.1 takes 1e-7 for text: it wants a point.
  return String(value).replace(/^(-?\d+)e/, '$1.0e');
}

/** As in JSON, whose escapes YAML knows too. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    UNQUOTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
