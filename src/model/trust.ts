/**
 * When an answer is accepted: of anybody's pictures, or of pictures like those that the model was trained on, in which size,
 * color and light can be taken at face value, so that more of what is new is found out.
 */
export const TRUSTS = ['any-camera', 'same-camera'] as const;
export type Trust = (typeof TRUSTS)[number];

export const DEFAULT_TRUST: Trust = 'any-camera';
