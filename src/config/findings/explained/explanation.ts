/** What stands behind a finding, for the page that its code links to. */
export interface Explanation {
  /** Short, as a heading. */
  title: string;
  /** What happens, why it matters, what to do: a few sentences of Markdown. */
  text: string;
}
