interface Entry<T> {
  readonly atMs: number
  readonly sequence: number
  readonly item: T
}

/** What is to happen, in virtual time: ordered by (time, sequence), so that equal times keep the order of arrival. */
export class EventQueue<T> {
  readonly #heap: Entry<T>[] = []
  #sequence = 0

  get count(): number {
    return this.#heap.length
  }

  push(atMs: number, item: T): void {
    const entry = { atMs, sequence: this.#sequence, item }
    this.#sequence += 1
    let index = this.#heap.length
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = this.#heap[parentIndex]
      if (parent === undefined || !isBefore(entry, parent)) break
      this.#heap[index] = parent
      index = parentIndex
    }
    this.#heap[index] = entry
  }

  /** Takes the earliest, or gives `undefined` when nothing is left. */
  pop(): { readonly atMs: number; readonly item: T } | undefined {
    const first = this.#heap[0]
    const last = this.#heap.pop()
    if (first === undefined || last === undefined) return undefined
    if (this.#heap.length > 0) this.#sink(last)
    return first
  }

  #sink(entry: Entry<T>): void {
    let index = 0
    for (;;) {
      const left = this.#heap[2 * index + 1]
      const right = this.#heap[2 * index + 2]
      if (left === undefined) break
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (!isBefore(child, entry)) break
      this.#heap[index] = child
      index = 2 * index + (isRight ? 2 : 1)
    }
    this.#heap[index] = entry
  }
}

function isBefore<T>(left: Entry<T>, right: Entry<T>): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.sequence < right.sequence)
}
