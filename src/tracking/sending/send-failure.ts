/** Why something could not be sent: whether it may go well later, or the server will never take it. */
export class SendFailure extends Error {
  readonly retry: boolean;
  /** Seconds that the server asks to wait. */
  readonly after: number | undefined;
  /** The status of an answer; missing without one. */
  readonly status: number | undefined;
  /** The answer's text, with secrets removed. */
  readonly answer: string;

  constructor(
    message: string,
    {retry, after, status, answer = ''}: {retry: boolean; after?: number; status?: number; answer?: string},
  ) {
    super(message);
    this.name = 'SendFailure';
    this.retry = retry;
    this.after = after;
    this.status = status;
    this.answer = answer;
  }
}
