/** Square kernels, equal strides and dilations in both directions; `depthwise` convolves each channel separately. */
export interface ConvolutionAttributes {
  stride: number;
  padding: number;
  depthwise?: boolean;
  /** Pixels from one position of the kernel to the next (Yu & Koltun 2016, arXiv:1511.07122); default: 1. */
  dilation?: number;
}
