/** Pictures with more pixels are refused unless the caller says otherwise. */
export const DEFAULT_MAX_PIXELS = 25_000_000;

/** No side may be longer, whatever the number of pixels: the longest that a JPEG can have. */
export const MAX_SIDE = 65_535;
