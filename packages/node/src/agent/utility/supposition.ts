import { computeSustainableShare } from '@commonweal/protocol'
import type { CommonsSituation, NegotiationSituation } from '../agent.ts'
import { GREEDY, type HarvestPolicy } from './policy.ts'

/**
 * What an agent that looks ahead supposes of every seat, whose weights it does not know. [AGT-9]
 *
 * A seat whose last request was no more than its sustainable share will go on so; any other, and everybody before the
 * first round, is taken to be selfish.
 */
export function supposePolicies(
  { history, seats }: CommonsSituation,
  ratePercent: number,
): readonly HarvestPolicy[] {
  const last = history.at(-1)
  const count = seats.length
  return seats.map((_, seat) => {
    if (last === undefined) return GREEDY
    const request = last.requests[seat] ?? 0
    const sustainable = computeSustainableShare(last.stockBefore, ratePercent, count)
    return request <= sustainable ? { name: 'steady', ratePercent } : GREEDY
  })
}

/**
 * Seats that had nothing to say in this negotiation when they last spoke, and hold nothing: they are not expected to sign.
 * [AGT-12]
 */
export function findSilent({
  transcript,
  holds,
  covering,
}: NegotiationSituation): ReadonlySet<number> {
  const silent = new Set<number>()
  // Under a contract that covers the round, silence is consent to that one.
  if (covering !== null) return silent
  for (const { seat, move } of transcript) {
    const isIdle = move.move === 'pass' || move.move === 'reject'
    if (isIdle && holds[seat] === null) silent.add(seat)
  }
  return silent
}

/**
 * The seats that will have signed when terms are agreed: who holds them, the speaker, and who speaks next until there is a
 * quorum. The others are bound too, but the ledger gives them equal treatment, which costs something where shares differ.
 * [AGT-9]
 */
export function expectSigners(
  situation: NegotiationSituation,
  holders: readonly number[],
): readonly boolean[] {
  const { seat, seats, quorum } = situation
  const silent = findSilent(situation)
  const signer = seats.map((_, index) => index === seat || holders.includes(index))
  for (let step = 1; signer.filter(Boolean).length < quorum && step < seats.length; step++) {
    const next = (seat + step) % seats.length
    if (!silent.has(next)) signer[next] = true
  }
  return signer
}
