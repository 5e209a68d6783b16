/** An uploaded picture. */
export interface PictureUpload {
  /** The name from the client; `-` if there is none. */
  name: string;
  bytes: Uint8Array;
}

/** Limits of a request body. */
export interface UploadLimits {
  /** Bytes. */
  maxBody: number;
  maxFiles: number;
}
