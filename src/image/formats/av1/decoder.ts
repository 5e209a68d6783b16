import type {Frame} from '../../frame.ts';
import {corrupt} from '../bytes.ts';
import type {CodecDecoder} from '../heif/codec.ts';
import {type LibavifImage, loadLibavif} from './libavif.ts';
import {plainAvif} from './plain-file.ts';
import type {Av1Stream} from './stream.ts';

/** Opens libavif, compiled to WebAssembly, with a memory that no other file has seen. */
export async function openAv1Decoder(format: string): Promise<CodecDecoder<Av1Stream>> {
  const make = await loadLibavif();
  const library = await make();
  return {
    decode(stream, {width, height}, color) {
      let image: LibavifImage | string | null;
      try {
        image = library.decode(plainAvif(stream, width, height, color));
      } catch (error) {
        throw corrupt(format, 'its pixels cannot be decoded', error);
      }
      if (image === null || typeof image === 'string')
        throw corrupt(format, 'its pixels cannot be decoded', new Error(image ?? 'no reason'));
      return {frame: toFrame(image), transfer: (color ?? stream.header.color).transfer};
    },
  };
}

/** Drops the alpha channel, which is that of another picture, and reduces the depth to 8 bits. */
function toFrame({width, height, data, depth}: LibavifImage): Frame {
  const out = new Uint8Array(width * height * 3);
  const samples = depth > 8 ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength >> 1) : data;
  const levels = Uint8Array.from({length: 2 ** depth}, (_, value) => Math.round((value * 255) / (2 ** depth - 1)));
  for (let source = 0, target = 0; target < out.length; source += 4, target += 3) {
    out[target] = levels[samples[source]];
    out[target + 1] = levels[samples[source + 1]];
    out[target + 2] = levels[samples[source + 2]];
  }
  return {width, height, data: out};
}
