import {createServer, type IncomingHttpHeaders} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';

export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Answered {
  status?: number;
  json?: unknown;
}

/**
 * What goes wrong: an answer with this status, a line that is cut before the request is dealt with, or after it and before
 * the answer, or no answer at all.
 */
export type Fault = number | 'cut' | 'cut after' | 'silence';

export interface FaultyServer {
  readonly address: string;
  readonly requests: Received[];
  /** Decides of each request, by its number from 0 on, what goes wrong with it. */
  fault: (index: number, request: Received) => Fault | undefined;
  close(): Promise<void>;
}

/** A server on this machine that deals with requests one after the other, and fails when it is told to. */
export async function startFaultyServer(answer: (request: Received) => Answered, port = 0): Promise<FaultyServer> {
  const sockets = new Set<Socket>();
  const requests: Received[] = [];
  let count = 0;
  const server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const {pathname, searchParams} = new URL(incoming.url ?? '/', 'http://localhost');
    const path = decodeURIComponent(pathname);
    const {method = '', headers} = incoming;
    const request: Received = {method, path, query: searchParams, headers, body: Buffer.concat(parts)};
    const fault = faulty.fault(count++, request);
    if (fault === 'silence') return;
    if (fault === 'cut') return void incoming.socket.destroy();
    if (typeof fault === 'number') {
      response.writeHead(fault, {'retry-after': '0'}).end('{"message": "not now"}');
      return;
    }
    requests.push(request);
    const {status = 200, json = {}} = answer(request);
    if (fault === 'cut after') return void incoming.socket.destroy();
    response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(json));
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const faulty: FaultyServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    fault: () => undefined,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  return faulty;
}
