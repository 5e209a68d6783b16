/** Stands in the place of a label where an image belongs to none. */
export const NO_LABEL = 255;
