/** Yields the greatest first; what is put in meanwhile counts. Building costs O(n), each take and put O(log n). */
export class Heap<T> {
  readonly #items: T[]
  readonly #isGreater: (a: T, b: T) => boolean

  constructor(items: Iterable<T>, isGreater: (a: T, b: T) => boolean) {
    this.#items = [...items]
    this.#isGreater = isGreater
    for (let index = this.#items.length >> 1; index >= 0; index -= 1) this.#sink(index)
  }

  put(item: T): void {
    this.#items.push(item)
    let index = this.#items.length - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!this.#swapIfGreater(index, parent)) return
      index = parent
    }
  }

  take(): T | undefined {
    const [greatest] = this.#items
    const last = this.#items.pop()
    if (last === undefined || this.#items.length === 0) return greatest
    this.#items[0] = last
    this.#sink(0)
    return greatest
  }

  #sink(start: number): void {
    let index = start
    while (true) {
      const [left, right] = [2 * index + 1, 2 * index + 2]
      const child = this.#isGreaterAt(right, left) ? right : left
      if (!this.#swapIfGreater(child, index)) return
      index = child
    }
  }

  #swapIfGreater(index: number, parent: number): boolean {
    if (!this.#isGreaterAt(index, parent)) return false
    const [item, above] = [this.#items[index], this.#items[parent]]
    if (item === undefined || above === undefined) return false
    this.#items[parent] = item
    this.#items[index] = above
    return true
  }

  #isGreaterAt(index: number, other: number): boolean {
    const [a, b] = [this.#items[index], this.#items[other]]
    return a !== undefined && b !== undefined && this.#isGreater(a, b)
  }
}
