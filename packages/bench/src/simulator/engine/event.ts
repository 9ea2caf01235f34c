import type { SignalFrame } from '@commonweal/node/agent'
import type { AgentId, Input } from '@commonweal/protocol'
import type { Instance } from './instance.ts'

/** An input but for its time, which is that of the clock of the instance it reaches. */
export type TimelessInput = Input extends infer I
  ? I extends Input
    ? Omit<I, 'nowMs'>
    : never
  : never

/** What the caller of a world gives an instance to do, or answers to an effect that the world does not know. */
export interface Scheduled {
  readonly delayMs: number
  readonly input: TimelessInput
}

/** What an instance's agent tells another agent over the stream between their nodes. */
export interface SentSignal {
  readonly to: AgentId
  readonly signal: SignalFrame
}

/** What can happen in a world. `isHeld`: kept back by a cut and let through later, whatever is cut then. */
export type WorldEvent =
  | { readonly kind: 'start'; readonly to: Instance }
  | { readonly kind: 'wake'; readonly to: Instance; readonly generation: number }
  | {
      readonly kind: 'envelope'
      readonly to: Instance
      readonly from: Instance
      readonly envelope: Uint8Array
      readonly isGossip: boolean
      readonly isHeld: boolean
    }
  | {
      readonly kind: 'input'
      readonly to: Instance
      readonly from: Instance | null
      readonly input: TimelessInput
      readonly isHeld: boolean
      readonly generation: number | null
    }
  | {
      readonly kind: 'signal'
      readonly to: Instance
      readonly from: Instance
      readonly signal: SignalFrame
    }
  | { readonly kind: 'partition'; readonly groups: readonly number[] }
  | { readonly kind: 'heal' }
