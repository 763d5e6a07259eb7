/**
 * Characters that a terminal or an editor interprets instead of showing: control characters except tab and line end
 * (escape sequences begin with one), format characters (some change the direction of text), and characters without width
 * (but those that choose a form of an emoji).
 * @see https://www.unicode.org/reports/tr9 (bidirectional formatting characters)
 */
const ACTING = /\r(?!\n)|(?![\t\n\r]|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** As JSON spells it, which has an escape for each half of a character behind U+FFFF: a document stays one. */
const spelled = (character: string): string =>
  character.replace(/[^]/g, (half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The text with such characters spelled out: `\u001b` for an escape. */
export const visible = (text: string): string => text.replace(ACTING, spelled);

/** A file's words in a line of ours: line ends are spelled out too, or they would begin a line that looks like ours. */
export const oneLine = (text: string): string => visible(text).replace(/[\r\n]/g, spelled);
