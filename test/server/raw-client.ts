import {connect, type Socket} from 'node:net';

/** A raw connection to a server, for requests that a correct client would not make. */
export interface RawClient {
  socket: Socket;
  /** The answer so far. */
  received(): string;
  /** Settled when the connection has ended. */
  ended: Promise<string>;
}

export function rawClient(url: string): RawClient {
  const {hostname, port} = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('latin1').on('data', (data: string) => {
    text += data;
  });
  socket.on('error', () => {});
  const ended = new Promise<string>((resolve) => socket.once('close', () => resolve(text)));
  return {socket, received: () => text, ended};
}

/** The head of a request with a picture as its body. */
export function pictureHead(length: number | 'chunked'): string {
  const size = length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`;
  return `POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: image/jpeg\r\n${size}\r\n\r\n`;
}
