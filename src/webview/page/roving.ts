/**
 * Keyboard for a group of which one element has the focus (radio buttons, tabs, a menu): the arrows move within it,
 * Home and End go to its ends. One stop for the tabulator key.
 * @param items the elements as they are now, in their order
 */
export function rovingFocus(group: HTMLElement, items: () => HTMLElement[], onMove: (item: HTMLElement) => void): void {
  group.addEventListener('keydown', (event) => {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    const next = at < 0 ? undefined : all[nextIndex(event.key, at, all.length)];
    if (!next) return;
    event.preventDefault();
    next.focus();
    onMove(next);
  });
}

/** Where a key leads from place `at` of `count`; −1 where it is no key that moves. */
export function nextIndex(key: string, at: number, count: number): number {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return (at + 1) % count;
    case 'ArrowUp':
    case 'ArrowLeft':
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return -1;
  }
}
