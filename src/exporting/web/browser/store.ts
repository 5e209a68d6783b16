import type {ExportedFile} from '../exported.ts';

/** Caches are those of a whole host, which may hold several pages; each is known by its folder. */
export function cachePrefix(folder: string): string {
  return `rice ${folder} `;
}

/**
 * A file of the page: from the cache of this version of the page, or from the server and then kept in the cache.
 *
 * @param cache missing where the browser has none: on a page that was loaded without encryption
 * @throws TypeError if it cannot be loaded, or is not the one that was exported
 */
export async function loadFile(
  cache: Cache | undefined,
  address: string,
  {integrity}: Pick<ExportedFile, 'integrity'>,
): Promise<Response> {
  const kept = await cache?.match(address);
  if (kept) return kept;
  const response = await fetch(address, {integrity, cache: 'no-cache', credentials: 'same-origin'});
  if (!response.ok) throw new TypeError(`${address}: the server answers ${response.status}`);
  // There may be no space for it.
  await cache?.put(address, response.clone()).catch(() => {});
  return response;
}
