import type { CommonsParams } from '@commonweal/protocol'
import type { NameOf } from './forecast/agent-names.ts'
import type { ShownEvent } from './result/chain-record.ts'
import { describeTerms } from './result/terms-in-words.ts'

/**
 * What an event of the chain says to a person who reads along; undefined for those that need no line.
 *
 * @param nameOf the name that a person knows an agent by.
 */
export function describeProgress(
  event: ShownEvent,
  params: CommonsParams,
  nameOf: NameOf = shortId,
): string | undefined {
  switch (event.kind) {
    case 'agreement-formed': {
      const seatCount = event.terms.parties.length
      const words = describeTerms(event.terms, { params, seatCount }).join(' ')
      return `agreed by ${event.signers.length} of ${seatCount}: ${words}`
    }
    case 'round-settled': {
      const { row } = event
      const caught = `${row.catchTotal} (${row.catches.join(' ')})`
      const after = row.status === 'open' ? `renewed to ${row.stockAfter}` : row.status
      return `round ${row.round}/${params.rounds}: stock ${row.stockBefore}, caught ${caught}, left ${row.stockLeft}, ${after}`
    }
    case 'run-started':
      return event.run === 1
        ? undefined
        : `run ${event.run} starts with ${event.seats.length} seats`
    case 'slashed':
      return `slashed: ${nameOf(event.agent)} for ${event.offence}`
    case 'sits-out':
      return `${nameOf(event.agent)} sits out: ${event.code}`
    case 'phase':
    case 'agreement-ended':
    case 'run-ended':
      return undefined
  }
}

function shortId(agent: string): string {
  return `${agent.slice(0, 8)}…`
}
