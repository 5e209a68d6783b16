import {createServer, request as forward, type IncomingHttpHeaders, type Server} from 'node:http';
import {type AddressInfo, connect, type Socket} from 'node:net';

export interface ProxyServer {
  /** For `http_proxy`. */
  readonly address: string;
  /** What it was asked for: `GET http://server/path`, `CONNECT server:443`. */
  readonly requests: {line: string; headers: IncomingHttpHeaders}[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Answers this status to everything. */
  status?: number;
  /** Never answers. */
  silent?: boolean;
}

/** An HTTP proxy on this machine that forwards requests and makes tunnels. */
export async function startProxyServer({status, silent}: ProxyOptions = {}): Promise<ProxyServer> {
  const requests: ProxyServer['requests'] = [];
  const tunnels = new Set<Socket>();
  const server = createServer((request, response) => {
    const {method, url = '', headers} = request;
    requests.push({line: `${method} ${url}`, headers});
    if (silent) return;
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const onward = forward(url, {method, headers}, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.on('connect', (request, socket: Socket) => {
    const {url = '', headers} = request;
    requests.push({line: `CONNECT ${url}`, headers});
    tunnels.add(socket);
    socket.on('error', () => {});
    if (silent) return;
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const {hostname, port} = new URL(`http://${url}`);
    const onward = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    tunnels.add(onward);
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  return {address: `http://127.0.0.1:${port}`, requests, close: () => close(server, tunnels)};
}

async function close(server: Server, tunnels: Set<Socket>): Promise<void> {
  for (const socket of tunnels) socket.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
