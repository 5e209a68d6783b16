import {type Html, html} from '../../common/html.ts';
import {pageDocument} from '../../common/report/page-document.ts';
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
  return pageDocument({
    title,
    style: RUN_STYLE,
    refresh,
    body: html`<main>
${headline}
<nav aria-label="Sections"><ul>${present.map((each) => html`<li><a href="#${each.id}">${each.title}</a></li>`)}</ul></nav>
${present.map(({content}) => content)}
</main>`,
  });
}
