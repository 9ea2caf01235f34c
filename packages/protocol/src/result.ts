/** What the transport is told about a peer's message: relay it, drop it, or drop it and hold it against the sender. */
export type Verdict = 'accept' | 'ignore' | 'reject'

/** Facts that a refusal states: numbers and names, never feelings. */
export type Facts = Readonly<Record<string, string | number | bigint | boolean>>

/**
 * A refusal of what a peer sent.
 *
 * `reject` only what an honest, current peer could never send; `ignore` all that depends on our view or clock.
 */
export interface Rejection<Code extends string = string> {
  readonly code: Code
  readonly verdict: Exclude<Verdict, 'accept'>
  readonly facts: Facts
}

export type Result<T, Code extends string = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Rejection<Code> }

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function ignore<Code extends string>(
  code: Code,
  facts: Facts = {},
): { readonly ok: false; readonly error: Rejection<Code> } {
  return { ok: false, error: { code, verdict: 'ignore', facts } }
}

export function reject<Code extends string>(
  code: Code,
  facts: Facts = {},
): { readonly ok: false; readonly error: Rejection<Code> } {
  return { ok: false, error: { code, verdict: 'reject', facts } }
}
