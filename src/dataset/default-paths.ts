/** Default folders of the dataset, relative to the current folder; `rice fetch-data` writes to the first one. */
export const DEFAULT_DATASET_FOLDERS = ['data/Rice_Image_Dataset', 'Rice_Image_Dataset'];
