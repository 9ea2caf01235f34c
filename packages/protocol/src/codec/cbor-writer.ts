import { compare } from 'uint8arrays/compare'
import { fromString } from 'uint8arrays/from-string'
import { InvariantError, invariant } from '../invariant.ts'

const INTEGER_MIN = -(2n ** 64n)
const INTEGER_MAX = 2n ** 64n - 1n

/** Writes canonical DAG-CBOR; `CborReader` shows the layout. What cannot be written is our own bug. */
export class CborWriter {
  readonly #depthMax: number
  #bytes: Uint8Array = new Uint8Array(256)
  #size = 0

  constructor(depthMax: number) {
    this.#depthMax = depthMax
  }

  /** The bytes written, in a buffer of their own. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#size)
  }

  value(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        return this.#text(value)
      case 'number':
        // [ENC-1] Floats are not written, not even those that happen to be large whole numbers.
        invariant(Number.isSafeInteger(value), 'an encoded number is a safe integer')
        return this.#integer(value)
      case 'bigint':
        invariant(value >= INTEGER_MIN && value <= INTEGER_MAX, 'an encoded bigint fits 64 bits')
        return this.#integer(value)
      case 'boolean':
        return this.#byte(value ? 0xf5 : 0xf4)
      case 'object':
        return value === null ? this.#byte(0xf6) : this.#object(value, depth)
      default:
        throw new InvariantError(`a value of type ${typeof value} has no encoding`)
    }
  }

  #object(value: object, depth: number): void {
    if (value instanceof Uint8Array) {
      this.#head(2, value.length)
      return this.#append(value)
    }
    invariant(depth < this.#depthMax, `an encoded value nests at most ${this.#depthMax} deep`)
    if (Array.isArray(value)) {
      this.#head(4, value.length)
      // By index, so that a hole is met as the undefined that it is.
      for (let index = 0; index < value.length; index++) this.value(value[index], depth + 1)
      return
    }
    const prototype: unknown = Object.getPrototypeOf(value)
    invariant(
      prototype === Object.prototype || prototype === null,
      'an encoded object is a plain one',
    )
    this.#map(value, depth)
  }

  /** [ENC-3] The shorter key first, then byte order. */
  #map(map: object, depth: number): void {
    const entries = Object.entries(map).map(([key, value]) => {
      invariant(key !== '__proto__', 'no encoded key is __proto__')
      return { key: utf8(key), value: value as unknown }
    })
    entries.sort((a, b) => a.key.length - b.key.length || compare(a.key, b.key))
    this.#head(5, entries.length)
    for (const { key, value } of entries) {
      this.#head(3, key.length)
      this.#append(key)
      this.value(value, depth + 1)
    }
  }

  #text(text: string): void {
    const bytes = utf8(text)
    this.#head(3, bytes.length)
    this.#append(bytes)
  }

  #integer(value: number | bigint): void {
    if (value >= 0) return this.#head(0, value)
    this.#head(1, typeof value === 'bigint' ? -1n - value : -1 - value)
  }

  /** [ENC-2] The head with its argument in the shortest form. */
  #head(major: number, argument: number | bigint): void {
    const type = major << 5
    if (argument < 24) return this.#byte(type | Number(argument))
    if (argument < 0x100) return this.#unsigned(type | 24, Number(argument), 1)
    if (argument < 0x1_0000) return this.#unsigned(type | 25, Number(argument), 2)
    if (argument < 0x1_0000_0000) return this.#unsigned(type | 26, Number(argument), 4)
    const wide = BigInt(argument)
    this.#unsigned(type | 27, Number(wide >> 32n), 4)
    this.#tail(Number(wide & 0xffff_ffffn), 4)
  }

  #unsigned(head: number, argument: number, size: number): void {
    this.#byte(head)
    this.#tail(argument, size)
  }

  #tail(argument: number, size: number): void {
    for (let shift = (size - 1) * 8; shift >= 0; shift -= 8) this.#byte((argument >>> shift) & 0xff)
  }

  #byte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#size] = byte
    this.#size += 1
  }

  #append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#size)
    this.#size += bytes.length
  }

  #reserve(size: number): void {
    const needed = this.#size + size
    if (needed <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes.subarray(0, this.#size))
    this.#bytes = grown
  }
}

function utf8(text: string): Uint8Array {
  invariant(text.isWellFormed(), 'encoded text has no lone surrogate')
  return fromString(text, 'utf8')
}
