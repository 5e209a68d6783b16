/** Replaces the label of an image that belongs to no label. */
export const NO_LABEL = 255;
