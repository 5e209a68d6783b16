let code: Uint8Array | undefined;

/** Hands over the compiled kernels; before any picture is prepared. */
export function setKernelsCode(bytes: Uint8Array): void {
  code = bytes;
}

/** Takes the place of `src/image/kernels/code.ts`, which reads a file. */
export function kernelsCode(): Uint8Array {
  if (!code) throw new Error('the kernels were not handed over');
  return code;
}
