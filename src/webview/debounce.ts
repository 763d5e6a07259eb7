/** Calls `act` with the last value once nothing has come for `ms` milliseconds. */
export function debounced<Value>(act: (value: Value) => void, ms: number): { (value: Value): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const later = (value: Value): void => {
    clearTimeout(timer);
    timer = setTimeout(() => act(value), ms);
  };
  return Object.assign(later, { cancel: () => clearTimeout(timer) });
}
