export interface VerdictText {
  /** The verdict. */
  headline: string;
  /** The evidence in one line; empty if the detail is needed to understand the verdict. */
  evidence: string;
  /** What was trained, and the largest difference between the curves. */
  detail: string;
  /** Alpha alone and the rule lr/k for comparison, or what to change. */
  aside: string;
}

/** A verdict's text without its evidence. */
export type Sentences = Omit<VerdictText, 'evidence'>;
