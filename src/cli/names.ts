/** `top-k` to `topK`: the key of a flag in a configuration file. */
export function toCamelCase(name: string): string {
  return name.replaceAll(/[-:]([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `train` and `batch-size` to `RICE_TRAIN_BATCH_SIZE`: the environment variable of a setting. */
export function toVariable(...parts: string[]): string {
  return ['rice', ...parts].join('_').replaceAll(/[-:]/g, '_').toUpperCase();
}
