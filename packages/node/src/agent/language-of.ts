import { commons, game, type Language } from '@commonweal/protocol'
import type { Situation } from './agent.ts'

/** What a contract may name in the instance that an agent sees. */
export function languageOf(situation: Situation): Language {
  const seatCount = situation.seats.length
  return situation.kind === 'commons'
    ? commons.language(situation.params, seatCount)
    : game.language(situation.params, seatCount)
}
