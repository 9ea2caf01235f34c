import type { Digest } from '../../codec/digest.ts'
import { createStream } from '../randomness.ts'
import type { GameParams } from './params.ts'

/**
 * The state that the signal announces to agents before they act: the one that their round has. [GAM-5]
 *
 * `undefined` where the game has no hidden state, or its signal is not there yet.
 */
export function signalState(params: GameParams, signal: Digest | null): number | undefined {
  const { game } = params
  if (game.form !== 'hidden-state' || signal === null) return undefined
  return createStream(signal, 'state').below(100) < game.chancePercent ? 1 : 0
}
