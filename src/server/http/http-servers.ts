import {createServer, type RequestListener, type Server} from 'node:http';
import type {Socket} from 'node:net';
import {oneAtATime} from './one-at-a-time.ts';

/** Milliseconds; longer than the 60 seconds for which load balancers reuse a connection. */
const KEEP_ALIVE = 75_000;
const HEADERS_TIMEOUT = 15_000;
/** Milliseconds between checks for connections that have timed out. */
const CHECK_INTERVAL = 1000;
/** Routes enforce their own deadlines; this later timeout is for requests that have not reached a route. */
const TIMEOUT_MARGIN = 5000;

/** The HTTP servers of an application, which are several where a name such as `localhost` has several addresses. */
export class HttpServers {
  readonly #timeout: number;
  readonly #sockets = new Set<Socket>();
  #onEmpty: () => void = () => {};

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
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        if (this.#sockets.size === 0) this.#onEmpty();
      });
    });
    return server;
  }

  /** Resolves when there is no connection, or after some milliseconds. */
  async whenEmpty(most: number): Promise<void> {
    if (this.#sockets.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, most);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Cuts all connections. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
