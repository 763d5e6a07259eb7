import type { Redirection, Word as ShellWord } from 'unbash';
import type { BodyStyle } from './words';

type HereDocRedirection = Extract<Redirection, { type: 'HereDoc' }>;

/** How the shell reads the text of a heredoc. */
export const styleOf = ({ operator, delimiter }: HereDocRedirection): BodyStyle => ({
  tabs: operator === '<<-',
  quoted: delimiter?.quoted === true,
});

/** A variable that takes the whole text of a heredoc. */
export interface Filled {
  name: ShellWord;
  heredoc: HereDocRedirection;
}

/** The variable that `read` fills with a whole heredoc; null if it reads one line, several names, or escapes. */
export function filledFrom(words: readonly ShellWord[], redirects: readonly Redirection[]): Filled | null {
  const options = words.filter(({ value }) => value.startsWith('-')).map(({ value }) => value.slice(1));
  const [delimiter, name, ...more] = words.filter(({ value }) => !value.startsWith('-'));
  const isWhole = options.length > 0 && options.every((own) => /^r?d?$/.test(own)) && options.join('').includes('d');
  const heredocs = redirects.filter((node) => node.type === 'HereDoc');
  const [heredoc] = heredocs;
  if (!isWhole || delimiter?.value !== '' || !name || more.length > 0) return null;
  if (!heredoc || heredocs.length > 1 || (!options.join('').includes('r') && heredoc.body.text.includes('\\')))
    return null;
  return { name, heredoc };
}
