import {createServer, request as forward} from 'node:http';
import type {AddressInfo} from 'node:net';

export interface ReverseProxy {
  /** Its own address, without the path. */
  url: string;
  close(): void;
}

export interface ReverseProxyOptions {
  /** The path under which it shows the server, such as `/rice`; everything else is 404. */
  path: string;
  /** Whether the server gets to see the path. */
  keepsPath?: boolean;
  /** Sent to the server with each request. */
  headers?: Record<string, string>;
}

/** A proxy on this machine that shows a server under a path of its own, as nginx, Traefik and others do. */
export async function startReverseProxy(
  target: string,
  {path, keepsPath = false, headers = {}}: ReverseProxyOptions,
): Promise<ReverseProxy> {
  const {hostname, port} = new URL(target);
  const proxy = createServer((request, response) => {
    const {method, url = '/'} = request;
    if (url !== path && !url.startsWith(`${path}/`)) {
      response.writeHead(404).end('not below the path');
      return;
    }
    const onward = forward(
      {
        hostname,
        port,
        method,
        path: keepsPath ? url : url.slice(path.length) || '/',
        headers: {...request.headers, ...headers},
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const close = () => {
    proxy.closeAllConnections();
    proxy.close();
  };
  return {url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, close};
}
