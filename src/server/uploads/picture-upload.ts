/** A picture as it was sent. */
export interface PictureUpload {
  /** The name that the client gave it; `-` where it gave none. */
  name: string;
  bytes: Uint8Array;
}

/** What a body may hold. */
export interface UploadLimits {
  /** Bytes. */
  maxBody: number;
  maxFiles: number;
}
