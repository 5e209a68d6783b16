import {createHash} from 'node:crypto';
import {type Html, html, raw} from '../../common/html.ts';

/** An HTML document with its content security policy. */
export interface PageDocument {
  html: string;
  policy: string;
}

interface Parts {
  title: string;
  style: string;
  body: Html;
  script?: string;
}

/** A grain, as the page's icon. */
const ICON =
  '%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 viewBox=%270 0 32 32%27%3E%3Crect width=%2732%27 height=%2732%27 rx=%277%27 fill=%27%2314161a%27/%3E%3Cellipse cx=%2716%27 cy=%2716%27 rx=%2711%27 ry=%274.6%27 fill=%27%23f4efe2%27 transform=%27rotate(-38 16 16)%27/%3E%3C/svg%3E';

/**
 * Makes a self-contained page. Its content security policy allows only its own style sheet and script, by their hashes, and
 * connections to this server.
 */
export function makeDocument({title, style, body, script}: Parts): PageDocument {
  const page = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:image/svg+xml,${raw(ICON)}">
<style>${raw(style)}</style>
</head>
<body>
${body}
${script === undefined ? undefined : html`<script>${raw(script)}</script>`}
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    "img-src 'self' blob: data:",
    `style-src '${hashOf(style)}'`,
    `script-src ${script === undefined ? "'none'" : `'${hashOf(script)}'`}`,
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  return {html: page.text, policy};
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
