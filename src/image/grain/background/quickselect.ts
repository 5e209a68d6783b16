/**
 * The kth smallest value (Hoare 1961). Reorders the values.
 *
 * @param k from 0 to `values.length - 1`
 */
export function quickselect(values: Float64Array, k: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let up = low;
    let down = high;
    while (up <= down) {
      while (values[up] < pivot) up++;
      while (values[down] > pivot) down--;
      if (up > down) break;
      const value = values[up];
      values[up++] = values[down];
      values[down--] = value;
    }
    if (k <= down) high = down;
    else if (k >= up) low = up;
    else break;
  }
  return values[k];
}
