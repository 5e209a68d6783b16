/** Pictures with more pixels are rejected unless the caller sets another limit. */
export const DEFAULT_MAX_PIXELS = 25_000_000;

/** No side may be longer, whatever the number of pixels: the longest side of a JPEG. */
export const MAX_SIDE = 65_535;
