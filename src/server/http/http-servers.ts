import {createServer, type RequestListener, type Server} from 'node:http';
import {Server as NetServer, type Socket} from 'node:net';
import {oneAtATime} from './one-at-a-time.ts';

/** Milliseconds; longer than the 60 seconds for which load balancers reuse a connection. */
const KEEP_ALIVE = 75_000;
const HEADERS_TIMEOUT = 15_000;
/** Milliseconds between checks for connections that have timed out. */
const CHECK_INTERVAL = 1000;
/** Routes enforce their own deadlines; this later timeout is for requests that have not reached a route. */
const TIMEOUT_MARGIN = 5000;

/** Milliseconds for requests that are on their way on open connections when the server takes no more connections. */
const LAST_REQUESTS = 1000;

/** The HTTP servers of an application, which are several where a name such as `localhost` has several addresses. */
export class HttpServers {
  readonly #timeout: number;
  readonly #sockets = new Set<Socket>();

  /** @param timeout seconds that a request may take */
  constructor(timeout: number) {
    this.#timeout = timeout * 1000 + TIMEOUT_MARGIN;
  }

  /** Makes a server that does not listen yet. */
  create(handle: RequestListener): Server {
    const timeouts = {
      requestTimeout: this.#timeout,
      headersTimeout: Math.min(HEADERS_TIMEOUT, this.#timeout),
      keepAliveTimeout: KEEP_ALIVE,
      connectionsCheckingInterval: CHECK_INTERVAL,
    };
    const server = createServer(timeouts, oneAtATime(handle));
    // Cuts off a client that does not take its answer: for so long nothing has moved on its connection.
    server.setTimeout(this.#timeout);
    server.close = (done) => closeGently(server, done);
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    return server;
  }

  /** Cuts all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/**
 * Takes no new connection, and closes idle ones a little later. Node closes them at once, and one that looks idle may hold
 * a request that has not been read yet.
 */
function closeGently(server: Server, done?: (error?: Error) => void): Server {
  // Right after connections were taken: those that still wait to be would be reset.
  setImmediate(() => {
    const timer = setTimeout(() => server.closeIdleConnections(), LAST_REQUESTS);
    NetServer.prototype.close.call(server, (error) => {
      clearTimeout(timer);
      done?.(error);
    });
  });
  return server;
}
