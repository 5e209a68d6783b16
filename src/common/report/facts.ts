import {type Html, html} from '../html.ts';

/** A row of a `<dl class="facts">`. */
export function fact(term: string, value: Html): Html {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>
`;
}

/** A key figure in a `<dl class="tiles">`. */
export function tile(term: string, value: string): Html {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}
