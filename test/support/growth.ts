/** A text of about `n` pieces, or what else grows with `n`, done once. */
type Work = (n: number) => unknown;

/** Milliseconds below which a ratio of two times says nothing: a collection of garbage takes ten or twenty of them. */
const FLOOR = 100;
/** Four times the text takes linear work about 4 times as long, and quadratic work 16 times. */
export const TOO_MUCH = 10;
/** One look says little: the compiler, or garbage, may have come in between. The least of several counts. */
const LOOKS = 6;

/**
 * By how much longer four times the work takes, as the least of several looks; 1 where it takes no time at all.
 * Whether a time is good or bad is no question for a machine that does other things besides; how it grows is.
 * @param n pieces of the smaller work
 */
export function growthOf(work: Work, n: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS && least > TOO_MUCH; look += 1) {
    const long = timeOf(work, 4 * n);
    if (long < FLOOR) return 1;
    least = Math.min(least, long / Math.max(timeOf(work, n), FLOOR / TOO_MUCH));
  }
  return least;
}

function timeOf(work: Work, n: number): number {
  return processorTimeOf(() => work(n));
}

/** Milliseconds of processor time that some work takes; other processes do not make it longer. */
export function processorTimeOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
