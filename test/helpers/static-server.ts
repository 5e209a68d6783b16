import {readFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {extname, join} from 'node:path';

export interface StaticServer {
  /** With a slash at the end. */
  url: string;
  /** The paths that were asked for. */
  asked: string[];
  stop(): Promise<void>;
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
};

/** Serves the files of a folder as any web server does, without a header that a page might rely on. */
export async function serveFolder(folder: string): Promise<StaticServer> {
  const asked: string[] = [];
  const server = createServer(({url = '/'}, response) => {
    asked.push(url);
    const name = url.endsWith('/') ? `${url}index.html` : url;
    try {
      const body = readFileSync(join(folder, ...name.split('/')));
      response.writeHead(200, {'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream'}).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
