/** Square kernels and equal steps in both directions; `depthwise` convolves each channel by itself. */
export interface ConvolutionAttributes {
  stride: number;
  padding: number;
  depthwise?: boolean;
}
