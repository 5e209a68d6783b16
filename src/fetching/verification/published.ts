/** The published facts of one variety, with the DVC digest of its folder. */
export interface PublishedLabel {
  files: number;
  bytes: number;
  digest: string;
}

/** The published facts of a dataset, to verify a copy. */
export interface PublishedDataset {
  name: string;
  files: number;
  bytes: number;
  /** DVC's digest of the folder with only its pictures. */
  digest: string;
  labels: Readonly<Record<string, PublishedLabel>>;
  /** Other files that belong to the folder. */
  companions: readonly string[];
  /** A table with the digests of single files beside this file (see `readKnownDigests`), if any. */
  digestTable?: string;
  licence: string;
  /** The articles that the authors ask to cite, the most important first. */
  citations: readonly string[];
}

const PICTURES_PER_VARIETY = 15_000;

/** The Rice Image Dataset of Koklu, Cinar and Taspinar, version 1. */
export const RICE_IMAGE_DATASET: PublishedDataset = {
  name: 'Rice Image Dataset',
  files: 5 * PICTURES_PER_VARIETY,
  bytes: 267_349_373,
  digest: '1071310886d0097d67cf8a5095c83c30.dir',
  labels: {
    Arborio: {files: PICTURES_PER_VARIETY, bytes: 51_988_869, digest: '8afa9297e9aa03b527a95001ec5ffbb3.dir'},
    Basmati: {files: PICTURES_PER_VARIETY, bytes: 56_952_880, digest: 'bcd581d24feab5586c47a1253e99641f.dir'},
    Ipsala: {files: PICTURES_PER_VARIETY, bytes: 60_696_535, digest: 'd8d789037726db9d7eaf236b9fbb2f5b.dir'},
    Jasmine: {files: PICTURES_PER_VARIETY, bytes: 50_601_699, digest: '490b7f4f94636776329a66d8489953e5.dir'},
    Karacadag: {files: PICTURES_PER_VARIETY, bytes: 47_109_390, digest: '330f4ae086a69302bcae4f2ac6180d4b.dir'},
  },
  companions: ['Rice_Citation_Request.txt'],
  digestTable: 'known-digests.bin',
  licence: 'CC0-1.0',
  citations: [
    'Koklu, M., Cinar, I., & Taspinar, Y. S. (2021). Classification of rice varieties with deep learning methods. Computers and Electronics in Agriculture, 187, 106285. https://doi.org/10.1016/j.compag.2021.106285',
    'Cinar, I., & Koklu, M. (2021). Determination of Effective and Specific Physical Features of Rice Varieties by Computer Vision In Exterior Quality Inspection. Selcuk Journal of Agriculture and Food Sciences, 35(3), 229-243. https://doi.org/10.15316/SJAFS.2021.252',
    'Cinar, I., & Koklu, M. (2022). Identification of Rice Varieties Using Machine Learning Algorithms. Journal of Agricultural Sciences. https://doi.org/10.15832/ankutbd.862482',
    'Cinar, I., & Koklu, M. (2019). Classification of Rice Varieties Using Artificial Intelligence Methods. International Journal of Intelligent Systems and Applications in Engineering, 7(3), 188-194. https://doi.org/10.18201/ijisae.2019355381',
  ],
};

/**
 * The path of a picture in the published dataset. The names of Basmati are in lower case from the second picture on, but its
 * folder is not.
 *
 * @param number starts at 1
 */
export function publishedPath(label: string, number: number): string {
  const name = label === 'Basmati' && number > 1 ? 'basmati' : label;
  return `${label}/${name} (${number}).jpg`;
}

/** The paths of all pictures of the published dataset, or of some varieties. */
export function publishedPaths({labels}: PublishedDataset, only: readonly string[] = Object.keys(labels)): string[] {
  return only.flatMap((label) =>
    Array.from({length: labels[label].files}, (_, index) => publishedPath(label, index + 1)),
  );
}
