import type {ExportedFile} from '../../exported.ts';
import {cachePrefix, loadFile} from '../store.ts';

/** The part of a service worker's scope that is used; its types exclude those of a page. */
interface Scope {
  registration: {scope: string};
  skipWaiting(): Promise<void>;
  addEventListener(kind: 'install' | 'activate', handle: (event: Waiting) => void): void;
  addEventListener(kind: 'fetch', handle: (event: Fetching) => void): void;
}
interface Waiting {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching {
  request: Request;
  respondWith(response: Promise<Response>): void;
}

/** Written in front of this script by the export; the page itself is among the files. */
declare const EXPORTED: {version: string; files: Readonly<Record<string, ExportedFile>>};

const scope = self as unknown as Scope;
const folder = scope.registration.scope;
const PAGE = 'index.html';
const name = cachePrefix(folder) + EXPORTED.version;

scope.addEventListener('install', (event) => event.waitUntil(install()));
scope.addEventListener('activate', (event) => event.waitUntil(removeOthers()));
scope.addEventListener('fetch', (event) => {
  const file = fileOf(event.request);
  if (file !== undefined) event.respondWith(answer(file, event.request));
});

/** All or nothing: a version that is not complete does not replace one that works. */
async function install(): Promise<void> {
  const cache = await caches.open(name);
  await Promise.all(Object.entries(EXPORTED.files).map(([file, about]) => loadFile(cache, addressOf(file), about)));
  // The page that is open has loaded all of its files; the next one is of this version.
  await scope.skipWaiting();
}

async function removeOthers(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((each) => each.startsWith(cachePrefix(folder)) && each !== name);
  await Promise.all(old.map((each) => caches.delete(each)));
}

function fileOf({method, url}: Request): string | undefined {
  const address = new URL(url);
  const place = address.origin + address.pathname;
  if (method !== 'GET' || !place.startsWith(folder)) return undefined;
  const file = place.slice(folder.length) || PAGE;
  return Object.hasOwn(EXPORTED.files, file) ? file : undefined;
}

/** The page is asked for by its folder: some servers send those that ask for its file there. */
function addressOf(file: string): string {
  return file === PAGE ? folder : new URL(file, folder).href;
}

async function answer(file: string, request: Request): Promise<Response> {
  const cache = await caches.open(name);
  return (await cache.match(addressOf(file))) ?? fetch(request);
}
