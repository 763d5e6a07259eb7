// The README of the packed extension. The editor's page of an extension and the marketplace show only pictures at https
// addresses: no files of the package, no data URIs.

/**
 * @param {string} markdown with pictures of this folder, each a paragraph: `![words](media/walkthrough/check-dark.webp)`
 * @returns {string} without them
 */
export function withoutPictures(markdown) {
  return markdown.replaceAll(/^!\[[^\]]*\]\((?!https:)[^)]+\)\n\n?/gm, '');
}
