import type {FastifyRequest} from 'fastify';

/** Plain path segments, without those that lead elsewhere. */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+\/?$/;

/**
 * The address of the server's root for links in an answer, with a slash at its end. Behind a proxy that puts the server
 * under a path of its own, that is what the proxy says (`X-Forwarded-Prefix`), else the base path that the server was
 * started with; where neither is known it is relative to the request, which is right under any path.
 */
export function rootOf({headers, url}: Pick<FastifyRequest, 'headers' | 'url'>, basePath: string | undefined): string {
  const said = `${headers['x-forwarded-prefix'] ?? ''}`.split(',', 1)[0].trim();
  const known = PATH.test(said) ? said.replace(/\/$/, '') : basePath;
  if (known !== undefined) return `${known}/`;
  const folders = url.split('?', 1)[0].split('/').length - 2;
  return folders > 0 ? '../'.repeat(folders) : './';
}

/** The address of a request without the base path, whether the proxy has removed it or not. */
export function withoutBasePath(url: string, basePath: string): string {
  if (!url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest.startsWith('/')) return rest;
  return rest === '' || rest.startsWith('?') ? `/${rest}` : url;
}

/** The base path as it is used, without a slash at its end; undefined if it is none. */
export function parseBasePath(text: string): string | undefined {
  return PATH.test(text) ? text.replace(/\/$/, '') : undefined;
}
