import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

export interface PictureServer {
  /** The address of a path on it. */
  at(path: string): string;
  close(): Promise<void>;
}

/** A server on this machine that answers as real ones do, well and badly, by path. */
export async function startPictureServer(picture: Uint8Array): Promise<PictureServer> {
  const server = createServer((request, response) => {
    const answer = ANSWERS[request.url ?? ''];
    if (answer) answer(response, picture, request);
    else response.writeHead(404).end('no such picture');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const {port} = server.address() as AddressInfo;
  return {at: (path) => `http://127.0.0.1:${port}${path}`, close: () => close(server)};
}

const ANSWERS: Record<string, (response: ServerResponse, picture: Uint8Array, request: IncomingMessage) => void> = {
  '/private.jpg': (response, picture, {headers}) => {
    const known = headers.authorization === `Basic ${Buffer.from('ada:se cret').toString('base64')}`;
    if (known) response.end(picture);
    else response.writeHead(401).end();
  },
  '/away.jpg': (response, _, {socket}) =>
    response.writeHead(302, {location: `http://localhost:${socket.localPort}/private.jpg`}).end(),
  '/lost.jpg': (response) => response.writeHead(302).end(),
  '/grain.jpg': (response, picture) => response.end(picture),
  '/moved.jpg': (response) => response.writeHead(302, {location: '/grain.jpg'}).end(),
  '/circle.jpg': (response) => response.writeHead(302, {location: '/circle.jpg'}).end(),
  '/nowhere.jpg': (response) => response.writeHead(302, {location: 'file:///etc/passwd'}).end(),
  '/broken.jpg': (response) => response.writeHead(500).end('out of rice'),
  '/page.html': (response) => response.writeHead(200, {'content-type': 'text/html'}).end('<h1>rice</h1>'),
  '/empty.jpg': (response) => response.end(),
  '/silent.jpg': () => {},
  '/stalled.jpg': (response, picture) => response.write(picture.subarray(0, 100)),
  '/cut.jpg': (response, picture) => {
    response.write(picture.subarray(0, 100), () => response.destroy());
  },
  '/short.jpg': (response, picture) => {
    // More is promised than comes, and then the connection ends well.
    response.writeHead(200, {'content-length': picture.length, connection: 'close'});
    response.write(picture.subarray(0, 100), () => response.socket?.end());
  },
  '/endless.jpg': (response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
    };
    response.on('drain', more);
    more();
  },
};

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
