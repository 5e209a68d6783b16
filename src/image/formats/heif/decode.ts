import type {Frame} from '../../frame.ts';
import {corrupt, unsupported} from '../bytes.ts';
import type {Decoded} from '../types.ts';
import type {CodecDecoder, DecodedPicture} from './codec.ts';
import {codecNamed} from './codecs.ts';
import {remarkOnTransfer} from './color.ts';
import type {HeifHeader} from './header.ts';
import type {CodedPicture, GridPicture, Picture} from './picture.ts';
import type {Crop} from './transforms.ts';

type Decoders = ReadonlyMap<string, CodecDecoder<unknown>>;

/** Decodes what a header was read of: its coded pictures one by one, and puts them together. */
export async function decodeHeif(_: Buffer, {picture, crop, format, notes}: HeifHeader): Promise<Decoded> {
  const decoders = new Map<string, CodecDecoder<unknown>>();
  for (const name of codecsOf(picture)) {
    const codec = codecNamed(name);
    if (!codec) throw unsupported(`${format} with ${name} inside`);
    decoders.set(name, await codec.open(format));
  }
  const {frame, transfer} = render(picture, decoders, false, format);
  return {frame: crop ? cut(frame, crop) : frame, notes: [...notes, ...remarkOnTransfer(transfer)]};
}

function codecsOf(picture: Picture): Set<string> {
  const own = picture.kind === 'coded' ? [picture.codec] : picture.tiles.flatMap((tile) => [...codecsOf(tile)]);
  return new Set([...own, ...(picture.alpha ? codecsOf(picture.alpha) : [])]);
}

function render(picture: Picture, decoders: Decoders, grey: boolean, format: string): DecodedPicture {
  const {alpha} = picture;
  const decoded =
    picture.kind === 'grid'
      ? renderGrid(picture, decoders, grey, format)
      : renderCoded(picture, decoders, grey, format);
  if (alpha) multiply(decoded.frame, render(alpha, decoders, true, format).frame);
  return decoded;
}

function renderCoded(picture: CodedPicture, decoders: Decoders, grey: boolean, format: string): DecodedPicture {
  const {codec, stream, color, width, height} = picture;
  const decoded = decoders.get(codec)!.decode(stream, picture, color, grey);
  if (decoded.frame.width !== width || decoded.frame.height !== height)
    throw corrupt(format, 'its pixels are not of the size that it states');
  return decoded;
}

function renderGrid(grid: GridPicture, decoders: Decoders, grey: boolean, format: string): DecodedPicture {
  const {width, height, columns, tileWidth, tileHeight, tiles} = grid;
  const frame = {width, height, data: new Uint8Array(width * height * 3)};
  let transfer = 0;
  tiles.forEach((tile, index) => {
    const decoded = render(tile, decoders, grey, format);
    transfer = decoded.transfer;
    place(frame, decoded.frame, (index % columns) * tileWidth, Math.floor(index / columns) * tileHeight);
  });
  return {frame, transfer};
}

/** What reaches past the edges is left out. */
function place(frame: Frame, tile: Frame, left: number, top: number): void {
  const columns = Math.min(tile.width, frame.width - left);
  const rows = Math.min(tile.height, frame.height - top);
  for (let y = 0; y < rows; y++) {
    const row = tile.data.subarray(y * tile.width * 3, (y * tile.width + columns) * 3);
    frame.data.set(row, ((top + y) * frame.width + left) * 3);
  }
}

/** Lays a picture over black. */
function multiply({data}: Frame, alpha: Frame): void {
  for (let i = 0; i < data.length; i++) data[i] = Math.round((data[i] * alpha.data[i]) / 255);
}

function cut(frame: Frame, {left, top, width, height}: Crop): Frame {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const start = ((top + y) * frame.width + left) * 3;
    data.set(frame.data.subarray(start, start + width * 3), y * width * 3);
  }
  return {width, height, data};
}
