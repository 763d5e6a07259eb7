import type { Expression } from './scope';

export type Place = Pick<Expression, 'from' | 'to'>;

/** A number that identifies a node of a tree. */
export const placeId = ({ from, to }: Place): number => from * 2 ** 26 + to;

/** A result of a node that ends at `to`, and those of other nodes that begin at the same offset. */
interface Slot<T> {
  to: number;
  value: T;
  next: Slot<T> | undefined;
}

/**
 * Results per node, found by its place: the parser creates new node objects on every walk, so the objects themselves are
 * no keys. A slot per offset takes a tenth of the time of a Map, because walks come to nodes in the order of the text.
 */
export class ByPlace<T> {
  private slots: (Slot<T> | undefined)[];

  /** @param length of the text */
  constructor(private readonly length: number) {
    this.slots = new Array<Slot<T> | undefined>(length + 1);
  }

  get({ from, to }: Place): T | undefined {
    let slot = this.slots[from];
    while (slot && slot.to !== to) slot = slot.next;
    return slot?.value;
  }

  set(place: Place, value: T): void {
    const { from, to } = place;
    const first = this.slots[from];
    let slot = first;
    while (slot && slot.to !== to) slot = slot.next;
    if (slot) slot.value = value;
    else this.slots[from] = { to, value, next: first };
  }

  clear(): void {
    this.slots = new Array<Slot<T> | undefined>(this.length + 1);
  }
}

/**
 * Caches a result per node.
 * @param length of the text
 */
export function byPlace<T extends object | string | null>(
  length: number,
  compute: (node: Expression) => T,
): (node: Expression) => T {
  const results = new ByPlace<T>(length);
  return (node) => {
    const known = results.get(node);
    if (known !== undefined) return known;
    const value = compute(node);
    results.set(node, value);
    return value;
  };
}
