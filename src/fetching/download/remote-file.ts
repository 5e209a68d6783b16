/** A remote file that can be read from any offset. */
export interface RemoteFile {
  /** Its URL for people and records, without credentials and signatures. */
  readonly name: string;
  /**
   * @param offset the first requested byte
   * @param identity the identity of the content that the existing bytes belong to; if the file has changed, the body starts
   *   at byte 0
   * @throws RiceError DOWNLOAD_FAILED or ACCESS_DENIED if a retry is pointless; otherwise `RetryableError`
   */
  open(offset: number, options: OpenOptions): Promise<RemoteContent>;
}

export interface OpenOptions {
  identity?: string | undefined;
  signal: AbortSignal;
}

export interface RemoteContent {
  /** The offset at which `body` begins: the requested one, or 0. */
  offset: number;
  /** Bytes of the whole file, if the server states them. */
  total: number | undefined;
  /** Identifies the content: an entity tag or a generation. */
  identity: string | undefined;
  /** The digests of the whole content that the server states, in lower-case hexadecimal. */
  digests: {md5?: string | undefined; sha256?: string | undefined};
  /** Throws `RetryableError` if the connection breaks. */
  body: AsyncIterable<Uint8Array>;
}
