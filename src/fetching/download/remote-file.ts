/** A file on another machine that can be read from any of its bytes on. */
export interface RemoteFile {
  /** Where it is, for people and records: an address without credentials and signatures. */
  readonly name: string;
  /**
   * @param offset the first byte that is wanted
   * @param identity what the beginning that is here already was a part of; where the file is another by now, the content
   *   comes from its first byte
   * @throws RiceError DOWNLOAD_FAILED or ACCESS_DENIED where another try would be in vain; `RetryableError` else
   */
  open(offset: number, options: OpenOptions): Promise<RemoteContent>;
}

export interface OpenOptions {
  identity?: string | undefined;
  signal: AbortSignal;
}

export interface RemoteContent {
  /** The byte of the file that `body` begins with: what was asked for, or 0. */
  offset: number;
  /** Bytes of the whole file, where the server tells. */
  total: number | undefined;
  /** Another content has another identity: an entity tag, a generation. */
  identity: string | undefined;
  /** What the server says of the whole content, in lower-case hexadecimal. */
  digests: {md5?: string | undefined; sha256?: string | undefined};
  /** Throws `RetryableError` where the connection breaks. */
  body: AsyncIterable<Uint8Array>;
}
