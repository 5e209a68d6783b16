import {type Html, html, raw} from '../../common/html.ts';
import {pagePolicy} from '../../common/report/policy.ts';
import {RUN_STYLE} from './run-style.ts';

export interface PageSection {
  id: string;
  title: string;
  /** Undefined where there is nothing to show. */
  content: Html | undefined;
}

/**
 * A page about runs as one self-contained file: a headline, links to the sections, and the sections.
 *
 * @param refresh seconds after which a browser loads it again
 */
export function pageFrame(
  title: string,
  headline: Html,
  sections: readonly PageSection[],
  refresh?: number | undefined,
): string {
  const present = sections.filter(({content}) => content !== undefined);
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${pagePolicy(RUN_STYLE)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${
  refresh === undefined
    ? undefined
    : html`<meta http-equiv="refresh" content="${refresh}">
`
}<title>${title}</title>
<style>${raw(RUN_STYLE)}</style>
</head>
<body>
<main>
${headline}
<nav aria-label="Sections"><ul>${present.map((each) => html`<li><a href="#${each.id}">${each.title}</a></li>`)}</ul></nav>
${present.map(({content}) => content)}
</main>
</body>
</html>
`.text;
}
