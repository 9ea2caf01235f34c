import type { AgentId, ChainEvent } from '@commonweal/protocol'
import { eventOf } from '../done-run.ts'
import type { RunEvent } from '../run-result.ts'
import type { SeenEvent } from './chain-facts.ts'

/** An event of a chain, however it was learned, and the height of its block. */
export interface HeightedEvent {
  readonly height: number
  readonly event: ChainEvent | SeenEvent
}

/** Who was punished for what, in which round and at which height. */
export function slashingsOf(
  seats: readonly AgentId[],
  events: readonly HeightedEvent[],
): readonly RunEvent[] {
  let round = 1
  return events.flatMap(({ height, event }) => {
    if (event.kind === 'phase') round = event.epoch
    if (event.kind !== 'slashed') return []
    const { agent, offence, amountMicro } = event
    return [eventOf('slashed', round, { seat: seats.indexOf(agent), offence, amountMicro, height })]
  })
}
