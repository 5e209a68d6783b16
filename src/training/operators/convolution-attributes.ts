/** Square kernels and equal strides in both directions; `depthwise` convolves each channel separately. */
export interface ConvolutionAttributes {
  stride: number;
  padding: number;
  depthwise?: boolean;
}
