const WIDTH = 124;

/** A line may end here: `k = 4` stays whole. */
const BREAK = /(?<! =) (?!= )/;

/** A text that can stand in a docstring of Python, and that argparse can show as help. */
function plain(text: string): string {
  return text
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('\\', '/')
    .replaceAll('"""', "'''")
    .replaceAll('%(', '% (');
}

/** A docstring of Python that begins with `mark`, in lines of words: each paragraph begins a line. */
export function docstring(mark: string, paragraphs: readonly string[]): string {
  const lines = [mark];
  paragraphs.forEach((paragraph, i) => {
    if (i > 0) lines.push('');
    for (const word of plain(paragraph).split(BREAK)) {
      const line = lines.at(-1) ?? '';
      if (line.length + word.length >= WIDTH) lines.push(word);
      else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
    }
  });
  return `${lines.join('\n')}"""`;
}
