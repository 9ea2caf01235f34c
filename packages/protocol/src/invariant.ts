/** Our own bug. Nobody catches it: the process stops with exit code 70. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}

/** Throws {@link InvariantError} when what must hold does not. The sentence says what should have been true. */
export function invariant(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new InvariantError(sentence)
}

/** The value, which our own logic guarantees to be there. */
export function present<T>(value: T | undefined | null, sentence: string): T {
  if (value === undefined || value === null) throw new InvariantError(sentence)
  return value
}
