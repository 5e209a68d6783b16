import {hash} from 'node:crypto';
import {type Html, raw} from '../html.ts';

/**
 * The content security policy of a page that is one file. Whatever a name contains, nothing is loaded: pictures are data
 * URIs, and the only style and script that work are those with these hashes.
 */
export function pagePolicy(style: string, script?: string): Html {
  const directives = [
    "default-src 'none'",
    'img-src data:',
    `style-src ${digest(style)}`,
    ...(script === undefined ? [] : [`script-src ${digest(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return raw(directives.join('; '));
}

function digest(text: string): string {
  return `'sha256-${hash('sha256', text, 'base64')}'`;
}
