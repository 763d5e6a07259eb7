/** Whether a text has every word of a filter: `axo 2e-4` finds `llama3.yml Axolotl lr 2e-4`. Case does not matter. */
export function textFilter(filter: string): (text: string) => boolean {
  const words = filter
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (text) => {
    const searched = text.toLocaleLowerCase();
    return words.every((word) => searched.includes(word));
  };
}
