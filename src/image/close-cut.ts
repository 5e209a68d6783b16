/**
 * What nothing shows in a picture that is cut closely around its grain: the scale at which it was taken, or, of a square
 * one, not even the grain's proportions, since it may have been squeezed into the square.
 */
export type CloseCut = 'scale' | 'proportions';
