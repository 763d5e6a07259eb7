export interface VerdictText {
  /** The verdict. */
  headline: string;
  /** What was trained, and the largest difference between the curves. */
  detail: string;
  /** Alpha alone and the rule lr/k for comparison, or what to change. */
  aside: string;
}
