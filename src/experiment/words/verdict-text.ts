export interface VerdictText {
  /** The answer. */
  headline: string;
  /** What was trained, and how far apart the curves are. */
  detail: string;
  /** The wrong ways for comparison, or what to change. */
  aside: string;
}
