import type {Picture, PictureSource} from '../../prediction/picture.ts';

/** The same pictures; what can be read only once, such as standard input, is kept for the explanation. */
export async function* readableTwice(source: PictureSource): PictureSource {
  for await (const portion of source) yield portion.map(keepingBytes);
}

function keepingBytes(picture: Picture): Picture {
  const {read} = picture;
  if (!read) return picture;
  let bytes: Promise<Uint8Array> | undefined;
  return {
    ...picture,
    read(signal) {
      const again = bytes;
      bytes = again ? undefined : read(signal);
      return again ?? bytes!;
    },
  };
}
