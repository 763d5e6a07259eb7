/**
 * Wraps the drawing of a page. If the element that had the focus can no longer take it, the focus moves on: a button that
 * is hidden or disabled would drop it to the beginning of the page.
 * @param next ids that are tried in turn, by the id that loses the focus
 */
export function focusKeeper(next: Readonly<Record<string, readonly string[]>>): (draw: () => void) => void {
  let lost: string | null = null;
  // A page that is not in use pulls the focus out of no editor.
  const isFree = (): boolean =>
    document.hasFocus() && (document.activeElement === document.body || document.activeElement?.id === lost);
  const moveOn = (): void => {
    if (lost === null || !isFree()) return;
    const successor = (next[lost] ?? [])
      .map((id) => document.getElementById(id))
      .find((each) => each && canFocus(each));
    if (!successor) return;
    lost = null;
    successor.focus();
  };
  return (draw) => {
    const before = document.activeElement?.id ?? '';
    if (before !== '' || document.activeElement !== document.body) lost = null;
    draw();
    const had = document.getElementById(before);
    if (next[before] && !(had && canFocus(had))) lost = before;
    // The toolkit hands a change of `disabled` to its inner button in the next frame.
    if (lost !== null) requestAnimationFrame(() => requestAnimationFrame(moveOn));
  };
}

function canFocus(element: HTMLElement): boolean {
  return element.getClientRects().length > 0 && !('disabled' in element && element.disabled === true);
}
