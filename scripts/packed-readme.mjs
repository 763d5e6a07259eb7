// The README of the packed extension. The editor's page of an extension and the marketplace show only pictures at https
// addresses, no files of the package and no data URIs, and follow only such links (measured in test/e2e/details.test.ts).

/**
 * @param {string} markdown with pictures of this folder, each a paragraph: `![words](media/walkthrough/check-dark.webp)`
 * @returns {string} without them; links to files of this folder are their words
 */
export function withoutFiles(markdown) {
  return markdown
    .replaceAll(/^!\[[^\]]*\]\((?!https:)[^)]+\)\n\n?/gm, '')
    .replaceAll(/(?<!!)\[([^\]]+)\]\((?!https:)[^)]+\)/g, '$1');
}
