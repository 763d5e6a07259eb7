/** Milliseconds that `work` takes: the best of several, after a warm-up. The best is what the machine can do undisturbed. */
export async function bestOf(work: () => Promise<unknown>, { atLeastMs = 200, atLeast = 3 } = {}): Promise<number> {
  await work();
  let best = Number.POSITIVE_INFINITY;
  const begun = performance.now();
  for (let runs = 0; runs < atLeast || performance.now() - begun < atLeastMs; runs++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
