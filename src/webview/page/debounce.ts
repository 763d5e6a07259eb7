interface Debounced<Value> {
  (value: Value): void;
  /** Forgets a value that waits. */
  cancel(): void;
  /** Acts on a value that waits. */
  now(): void;
}

/** Calls `act` with the last value once nothing has come for `ms` milliseconds. */
export function debounced<Value>(act: (value: Value) => void, ms: number): Debounced<Value> {
  let waiting: { value: Value; timer: ReturnType<typeof setTimeout> } | null = null;
  const cancel = (): void => {
    if (waiting) clearTimeout(waiting.timer);
    waiting = null;
  };
  const now = (): void => {
    const due = waiting;
    cancel();
    if (due) act(due.value);
  };
  const later = (value: Value): void => {
    cancel();
    waiting = { value, timer: setTimeout(now, ms) };
  };
  return Object.assign(later, { cancel, now });
}
