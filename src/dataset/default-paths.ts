/** Where the dataset lies unless it is said otherwise, below the current folder; it is fetched to the first one. */
export const USUAL_PLACES = ['data/Rice_Image_Dataset', 'Rice_Image_Dataset'];
