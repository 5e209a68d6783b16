import {ERROR_CATALOGUE} from '../../common/errors.ts';
import {type Html, html} from '../../common/html.ts';
import type {ServerContext} from '../context.ts';
import type {OpenApiDocument, Operation} from '../openapi/describe.ts';
import {makeDocument, type PageDocument} from './document.ts';
import {DOCUMENTATION_STYLE} from './style.ts';

interface Place {
  path: string;
  method: string;
}

/** The description of the API for people, made of what `/openapi.json` gives to programs. @param root its address, for links */
export function renderDocumentation(
  {settings, model}: ServerContext,
  {paths}: OpenApiDocument,
  root: string,
): PageDocument {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({path, method, ...operation})),
  );
  const body = html`<header>
<p class="brand">rice</p>
<nav aria-label="Site"><a href="${root}">Page</a><a href="${root}openapi.json">openapi.json</a></nav>
</header>
<main>
<h1>The API</h1>
<p class="lead">Model ${model.name} ${model.version}: ${model.labels.join(', ')}.${
    settings.apiKey === undefined ? undefined : html` Requests carry the header <code>Authorization: Bearer KEY</code>.`
  } Set <code>URL</code> to the address of this server to try the examples.</p>
${operations.map(describe)}
</main>
<footer><p>Errors have stable codes and say what to do. Each answer has an <code>X-Request-Id</code>, by which the server's log can be searched.</p></footer>`;
  return makeDocument({title: 'The API of rice', style: DOCUMENTATION_STYLE, body});
}

function describe({path, method, summary, description, responses, ...more}: Operation & Place): Html {
  const example = more['x-codeSamples']?.[0].source;
  return html`<section>
<h2><span class="method">${method.toUpperCase()}</span> <code>${path}</code></h2>
<p>${summary}.</p>
${description === undefined ? undefined : html`<p>${description}</p>`}
${example === undefined ? undefined : html`<pre tabindex="0" aria-label="Example">${example.split('\n').map((line) => html`${line}\n`)}</pre>`}
${errorTable(responses)}
</section>
`;
}

function errorTable(responses: Operation['responses']): Html {
  const rows = Object.entries(responses).flatMap(([status, {'x-errorCodes': codes = []}]) =>
    codes.map(
      (code) =>
        html`<tr><td>${status}</td><th scope="row"><code>${code}</code></th><td>${ERROR_CATALOGUE[code].meaning}</td></tr>`,
    ),
  );
  return html`<details><summary>Errors</summary><table><thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">Meaning</th></tr></thead><tbody>${rows}</tbody></table></details>`;
}
