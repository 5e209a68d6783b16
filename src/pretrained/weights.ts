/** Numbers with a shape, in row-major order. */
export interface WeightTensor {
  shape: number[];
  data: Float32Array;
}

export interface PretrainedWeights {
  /** By the names of timm's state dict. */
  tensors: Map<string, WeightTensor>;
  /** Kept in the record of a run. */
  record: {
    /** A timm tag such as `timm/resnet50.a1_in1k`, or the name of a file. */
    source: string;
    /** The commit of the hub's repository. */
    revision?: string;
    /** As the hub or the publisher writes it: `apache-2.0`. */
    license?: string;
    /** Length and digest of the file. */
    bytes: number;
    sha256: string;
  };
  /** How the network expects pixels in 0..1: (x - mean) / std; missing where the source does not say. */
  normalization?: Normalization;
}

export interface Normalization {
  mean: [number, number, number];
  std: [number, number, number];
}
