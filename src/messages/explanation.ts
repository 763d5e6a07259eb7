/** The section of a code in the text of docs/findings.md, whose first sentence is the title; null without one. */
export function explanationIn(page: string, code: string): { title: string; text: string } | null {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${code}\n`)) ?? '';
  const [, title, text = ''] = /\*\*(.+)\.\*\* (.+)/s.exec(section) ?? [];
  return title === undefined ? null : { title, text: text.trimEnd() };
}
