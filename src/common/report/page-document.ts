import {type Html, html, raw} from '../html.ts';
import {pagePolicy} from './policy.ts';

export interface PageDocument {
  title: string;
  style: string;
  /** The only script that may run; `body` has it. */
  script?: string;
  /** Seconds after which a browser loads the page again. */
  refresh?: number | undefined;
  body: Html;
}

/** A self-contained page: it loads nothing, tells nobody where it was read, and is light or dark. */
export function pageDocument({title, style, script, refresh, body}: PageDocument): string {
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${script === undefined ? pagePolicy(style) : pagePolicy(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${
  refresh === undefined
    ? undefined
    : html`<meta http-equiv="refresh" content="${refresh}">
`
}<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}
