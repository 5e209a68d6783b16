import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {RiceError} from '../../../common/errors.ts';
import {compile, type EmscriptenOptions} from '../emscripten.ts';

/** The functions of libde265 (`de265.h`) that libheif-js lets out; numbers are addresses, or what C says. */
export interface Libde265 {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(address: number): void;
  _de265_init(): number;
  _de265_new_decoder(): number;
  _de265_free_decoder(decoder: number): number;
  _de265_push_NAL(
    decoder: number,
    data: number,
    length: number,
    timeLow: number,
    timeHigh: number,
    userData: number,
  ): number;
  _de265_flush_data(decoder: number): number;
  _de265_decode(decoder: number, more: number): number;
  _de265_get_next_picture(decoder: number): number;
  _de265_get_chroma_format(picture: number): number;
  _de265_get_image_width(picture: number, channel: number): number;
  _de265_get_image_height(picture: number, channel: number): number;
  _de265_get_bits_per_pixel(picture: number, channel: number): number;
  _de265_get_image_plane(picture: number, channel: number, stride: number): number;
  _de265_get_image_colour_primaries(picture: number): number;
  _de265_get_image_transfer_characteristics(picture: number): number;
  _de265_get_image_matrix_coefficients(picture: number): number;
  _de265_get_image_full_range_flag(picture: number): number;
}

const PACKAGE = 'libheif-js/libheif-wasm/libheif';

let loading: Promise<() => Libde265> | undefined;

/** Loads libde265, which is optional; every call of what that gives makes one with a memory of its own. */
export function loadLibde265(format: string): Promise<() => Libde265> {
  loading ??= load();
  return loading.catch((error) => {
    loading = undefined;
    if (!isMissing(error)) throw error;
    throw new RiceError('IMAGE_UNSUPPORTED', `${format} needs the package libheif-js, which is not installed`, {
      suggestions: ['Install it with npm, or convert the picture to JPEG.'],
    });
  });
}

async function load(): Promise<() => Libde265> {
  const binary = readFileSync(createRequire(import.meta.url).resolve(`${PACKAGE}.wasm`));
  const {default: make} = (await import('libheif-js/libheif-wasm/libheif.js')) as unknown as {
    default: (options: EmscriptenOptions) => Libde265;
  };
  const options = compile(binary);
  return () => make({...options});
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
}
