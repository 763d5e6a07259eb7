/** The explanation of a finding, shown on the page that the code of the finding links to. */
export interface Explanation {
  /** A short heading. */
  title: string;
  /** What happens, why it matters, and what to do: a few sentences of Markdown. */
  text: string;
}
