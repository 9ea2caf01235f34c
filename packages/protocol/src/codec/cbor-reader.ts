import { decodeUtf8 } from './utf8.ts'

export type CborFault = 'too-deep' | 'malformed' | 'non-canonical'

/**
 * Reads one canonical DAG-CBOR value.
 *
 * A data item is a head `major(3 bits) minor(5 bits) ‖ argument(0, 1, 2, 4 or 8 bytes)` and, by major type:
 * 0 the integer n · 1 the integer −1−n · 2 n bytes · 3 n bytes of UTF-8 · 4 n items · 5 n pairs (text, item) · 7 false, true, null.
 *
 * The methods return `undefined`, which no item stands for, once `fault` is set.
 */
export class CborReader {
  readonly #bytes: Uint8Array
  readonly #depthMax: number
  #offset = 0
  #fault: CborFault | undefined

  constructor(bytes: Uint8Array, depthMax: number) {
    this.#bytes = bytes
    this.#depthMax = depthMax
  }

  get fault(): CborFault | undefined {
    return this.#fault
  }

  /** Where reading stopped, in bytes from the start. */
  get offset(): number {
    return this.#offset
  }

  /** The one value that the bytes hold, all of them. */
  whole(): unknown {
    const value = this.#item(0)
    if (this.#fault !== undefined) return undefined
    return this.#offset === this.#bytes.length ? value : this.#fail('malformed')
  }

  #item(depth: number): unknown {
    const head = this.#bytes[this.#offset]
    if (head === undefined) return this.#fail('malformed')
    if (head >= 0xe0 || (head & 0xe0) === 0xc0) return this.#simple(head)
    const argument = this.#argument(head & 31)
    if (argument === undefined) return undefined
    const major = head >> 5
    if (major === 0) return argument
    if (major === 1) return negative(argument)
    // [ENC-4] A length is believed only as far as bytes are there to fill it.
    const left = this.#bytes.length - this.#offset
    if (typeof argument === 'bigint' || argument > left) return this.#fail('malformed')
    if (major === 2) return this.#byteString(argument)
    if (major === 3) return this.#text(argument)
    if (depth === this.#depthMax) return this.#fail('too-deep')
    return major === 4 ? this.#array(argument, depth) : this.#map(argument, depth)
  }

  /** [ENC-1] Tags (major 6), floats, `undefined` and unassigned simple values stand for nothing here. */
  #simple(head: number): boolean | null | undefined {
    this.#offset += 1
    if (head === 0xf4) return false
    if (head === 0xf5) return true
    if (head === 0xf6) return null
    return this.#fail('malformed')
  }

  /** [ENC-2] The number after the head, in its shortest form. */
  #argument(minor: number): number | bigint | undefined {
    this.#offset += 1
    if (minor < 24) return minor
    if (minor === 31) return this.#fail('non-canonical')
    if (minor > 27) return this.#fail('malformed')
    const size = 1 << (minor - 24)
    if (this.#bytes.length - this.#offset < size) return this.#fail('malformed')
    const high = size === 8 ? this.#unsigned(4) : 0
    const low = this.#unsigned(size === 8 ? 4 : size)
    const isShortest = size === 8 ? high > 0 : low >= (size === 1 ? 24 : 2 ** (4 * size))
    if (!isShortest) return this.#fail('non-canonical')
    if (high < 0x20_0000) return high * 0x1_0000_0000 + low
    return (BigInt(high) << 32n) | BigInt(low)
  }

  #unsigned(size: number): number {
    let value = 0
    for (let index = 0; index < size; index++) {
      value = value * 256 + (this.#bytes[this.#offset + index] ?? 0)
    }
    this.#offset += size
    return value
  }

  #byteString(size: number): Uint8Array {
    const start = this.#offset
    this.#offset += size
    return new Uint8Array(this.#bytes.subarray(start, this.#offset))
  }

  #text(size: number): string | undefined {
    const text = decodeUtf8(this.#bytes, this.#offset, this.#offset + size)
    if (text === undefined) return this.#fail('malformed')
    this.#offset += size
    return text
  }

  #array(count: number, depth: number): unknown[] | undefined {
    const items: unknown[] = []
    for (let index = 0; index < count; index++) {
      const item = this.#item(depth + 1)
      if (item === undefined) return undefined
      items.push(item)
    }
    return items
  }

  #map(count: number, depth: number): Record<string, unknown> | undefined {
    const map: Record<string, unknown> = {}
    let keyStart = 0
    let keyEnd = 0
    for (let index = 0; index < count; index++) {
      const start = this.#offset
      const key = this.#key()
      if (key === undefined) return undefined
      // [ENC-3] Keys ascend strictly, so none occurs twice.
      if (index > 0 && !this.#ascends(keyStart, keyEnd, start, this.#offset)) {
        return this.#fail('non-canonical')
      }
      keyStart = start
      keyEnd = this.#offset
      const item = this.#item(depth + 1)
      if (item === undefined) return undefined
      map[key] = item
    }
    return map
  }

  /** [ENC-1] Text, but not the one name that an assignment to a JavaScript object would swallow. */
  #key(): string | undefined {
    const head = this.#bytes[this.#offset]
    if (head === undefined || head >> 5 !== 3) return this.#fail('malformed')
    const key = this.#item(0)
    if (typeof key !== 'string') return undefined
    return key === '__proto__' ? this.#fail('malformed') : key
  }

  /** Whether the encoded key at `b` comes after the one at `a`: the shorter first, then byte by byte, heads included. */
  #ascends(aStart: number, aEnd: number, bStart: number, bEnd: number): boolean {
    const size = aEnd - aStart
    if (size !== bEnd - bStart) return size < bEnd - bStart
    for (let index = 0; index < size; index++) {
      const a = this.#bytes[aStart + index] ?? 0
      const b = this.#bytes[bStart + index] ?? 0
      if (a !== b) return a < b
    }
    return false
  }

  #fail(fault: CborFault): undefined {
    this.#fault ??= fault
    return undefined
  }
}

function negative(argument: number | bigint): number | bigint {
  if (typeof argument === 'number' && argument < Number.MAX_SAFE_INTEGER) return -1 - argument
  return -1n - BigInt(argument)
}
