import type {IncomingMessage, RequestListener, ServerResponse} from 'node:http';
import type {Socket} from 'node:net';

/** Requests that may wait for their turn on one connection; what a client sends beyond that, it must send again. */
const MAX_WAITING = 100;
/** Further requests that are ignored until the connection is cut: more than one read of a socket holds. */
const MAX_IGNORED = 5000;

/** What a connection has sent ahead of the answers. */
interface Line {
  waiting: [IncomingMessage, ServerResponse][];
  ignored: number;
}

/**
 * A listener that handles the requests of a connection one after the other: a request starts when the answer before it has
 * been taken. Node hands over all the requests of one read at once, so that a client that sends thousands and reads no
 * answer would make the server compute and keep them all.
 */
export function oneAtATime(handle: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, Line>();

  const start = (request: IncomingMessage, response: ServerResponse, line: Line) => {
    const {socket} = request;
    // A connection that is gone closes this answer as well; those that wait never start.
    response.once('close', () => {
      const next = socket.destroyed || response.shouldKeepAlive === false ? undefined : line.waiting.shift();
      if (line.waiting.length === 0 && line.ignored === 0) socket.resume();
      if (next) start(...next, line);
      else lines.delete(socket);
    });
    handle(request, response);
  };

  return (request, response) => {
    const {socket} = request;
    const line = lines.get(socket);
    if (line) wait(line, request, response);
    else {
      const first: Line = {waiting: [], ignored: 0};
      lines.set(socket, first);
      start(request, response, first);
    }
  };
}

function wait(line: Line, request: IncomingMessage, response: ServerResponse): void {
  const {socket} = request;
  socket.pause();
  if (line.waiting.length < MAX_WAITING) {
    line.waiting.push([request, response]);
    return;
  }
  // The last of those that wait closes the connection, as HTTP allows: the client sees which were not answered.
  line.waiting[MAX_WAITING - 1][1].shouldKeepAlive = false;
  if (++line.ignored > MAX_IGNORED) socket.destroy();
}
