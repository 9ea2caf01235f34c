import type { Agent, Situation } from '@commonweal/node/agent'
import { defaultQuorum, type SeatAction } from '@commonweal/protocol'
import type { AgreementBook } from './agreement-book.ts'
import { type NegotiationRecord, runNegotiation } from './negotiation-round.ts'
import type { InstanceConfig } from './rounds-config.ts'

interface TalkOptions {
  readonly config: InstanceConfig & { readonly params: { readonly rounds: number } }
  readonly book: AgreementBook
  readonly round: number
}

/** The negotiation of a round, and the agreement that comes of it; null where there is nothing to talk about. */
export async function negotiateRound(
  { config, book, round }: TalkOptions,
  agents: readonly Agent[],
  situationOf: (seat: number) => Situation,
): Promise<NegotiationRecord | null> {
  const { contractDelay, quorum, turnsMax, seats, params } = config
  const atStake = round + contractDelay
  if (atStake > params.rounds) return null
  const found = book.coveringAt(atStake)
  if (found !== undefined && config.renegotiates === false) return null
  const covering = found === undefined ? null : { id: found.id, terms: found.terms }
  const record = await runNegotiation(
    { round, seatCount: seats.length, quorum: quorum ?? defaultQuorum(seats.length), turnsMax },
    agents,
    (seat) => ({ ...situationOf(seat), covering }),
  )
  const { outcome, agreed } = record
  if (outcome.status === 'agreed' && agreed !== null && outcome.terms !== covering?.id) {
    book.form({ id: outcome.terms, terms: agreed, holders: outcome.holders, round })
  }
  return record
}

/** What each agent does; one that answers out of range is absent, as it is on a network that refuses its reveal. */
export async function collectActions(
  agents: readonly Agent[],
  situationOf: (seat: number) => Situation,
  { actionMax, defaultAction }: { readonly actionMax: bigint; readonly defaultAction: bigint },
): Promise<readonly SeatAction[]> {
  const actions: SeatAction[] = []
  for (const [seat, agent] of agents.entries()) {
    const answer = agent.act(situationOf(seat))
    const action = answer instanceof Promise ? await answer : answer
    const isAbsent = action < 0n || action > actionMax
    actions.push({ action: isAbsent ? defaultAction : action, absent: isAbsent })
  }
  return actions
}
