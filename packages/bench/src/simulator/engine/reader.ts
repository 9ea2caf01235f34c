import { type OpenContext, open, type Verified } from '@commonweal/protocol'

/** Opens each envelope once, however many receive it: opening is a pure function of the bytes, which nobody changes. */
export class Reader {
  readonly #context: OpenContext
  readonly #opened = new WeakMap<Uint8Array, Verified | null>()

  constructor(context: OpenContext) {
    this.#context = context
  }

  /** Null for bytes that are refused. */
  open(envelope: Uint8Array): Verified | null {
    const known = this.#opened.get(envelope)
    if (known !== undefined) return known
    const opened = open(envelope, this.#context)
    const message = opened.ok ? opened.value : null
    this.#opened.set(envelope, message)
    return message
  }
}
