/**
 * Characters that a terminal or an editor interprets instead of showing: control characters except tab and line end
 * (escape sequences begin with one), characters that change the direction of text, and characters without width.
 * @see https://www.unicode.org/reports/tr9 (bidirectional formatting characters)
 */
const ACTING =
  // eslint-disable-next-line no-control-regex
  /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The text with such characters spelled out: `\u001b` for an escape. */
export const visible = (text: string): string =>
  text.replace(ACTING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
