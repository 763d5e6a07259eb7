/** inputs · mapᵀ in float64: [batch, width] and [width, width] to [batch, width]. */
export function outputs(inputs: ArrayLike<number>, map: ArrayLike<number>, batch: number, width: number): Float64Array {
  const result = new Float64Array(batch * width);
  for (let row = 0; row < batch; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (inputs[row * width + i] ?? 0) * (map[column * width + i] ?? 0);
      result[row * width + column] = sum;
    }
  }
  return result;
}
