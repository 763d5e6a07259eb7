/** inputs · mapᵀ in float64: [batch, width] and [out, width] to [batch, out]. */
export function outputs(
  inputs: ArrayLike<number>,
  map: ArrayLike<number>,
  batch: number,
  width: number,
  out = width,
): Float64Array {
  const result = new Float64Array(batch * out);
  for (let row = 0; row < batch; row++) {
    for (let column = 0; column < out; column++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (inputs[row * width + i] ?? 0) * (map[column * width + i] ?? 0);
      result[row * out + column] = sum;
    }
  }
  return result;
}
