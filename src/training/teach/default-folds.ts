/** Parts into which pictures are divided where none are said. */
export const DEFAULT_FOLDS = 5;
