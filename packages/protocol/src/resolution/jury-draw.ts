import { fromString } from 'uint8arrays/from-string'
import type { Cid } from '../codec/cid.ts'
import { type Digest, digestBytes, digestOf } from '../codec/digest.ts'
import { type AgentId, compareAgents } from '../identity/agent-id.ts'
import { sumBigint } from '../integer.ts'
import { invariant } from '../invariant.ts'
import { createStream } from '../subnet/randomness.ts'

/** An agent that may sit in a jury, with the stake that it has when the jury is drawn. */
export interface Juror {
  readonly agent: AgentId
  readonly stakeMicro: bigint
}

export interface JuryToDraw {
  /** Distinct agents, in any order; one without stake is never drawn. */
  readonly eligible: readonly Juror[]
  readonly size: number
  /** A beacon that nobody knew when the question was disputed, or when the last round failed. */
  readonly beacon: Digest
  readonly question: Cid
  /** From 1. */
  readonly round: number
}

/**
 * Draws a jury, seat after seat, each with a chance in proportion to stake among those who are not seated yet.
 *
 * Formula stream = createStream(SHA-256(beacon(32) ‖ utf8(question ‖ "/" ‖ round)), 'jury'), the round in decimal; for each
 *         seat x = below(Σ stakes left); the seat goes to the first, by agent id, whose stakes up to and with its own exceed x.
 * Units   micro-tokens; any sum, without rounding.
 * Result  distinct agents in the order of their seats; 'too-few' where fewer than `size` have stake.
 * Errors  none.
 * Cost    O(n log n + size · n).
 * Source  spec/resolution.md [RES-7] · vectors/resolution.json
 */
export function drawJury(plan: JuryToDraw): readonly AgentId[] | 'too-few' {
  const { eligible, size, beacon, question, round } = plan
  invariant(Number.isInteger(size) && size >= 1, 'a jury has seats')
  const left = eligible.toSorted((a, b) => compareAgents(a.agent, b.agent))
  for (const [index, { agent, stakeMicro }] of left.entries()) {
    invariant(left[index + 1]?.agent !== agent, 'an agent is eligible once')
    invariant(stakeMicro >= 0n, 'a stake is not negative')
  }
  if (left.filter(({ stakeMicro }) => stakeMicro > 0n).length < size) return 'too-few'
  const seed = digestOf(digestBytes(beacon), fromString(`${question}/${round}`))
  const stream = createStream(seed, 'jury')
  let leftMicro = sumBigint(left.map(({ stakeMicro }) => stakeMicro))
  return Array.from({ length: size }, () => {
    const drawn = seatAt(left, stream.belowBigint(leftMicro))
    leftMicro -= drawn.stakeMicro
    return drawn.agent
  })
}

/** Takes the one out at whom the running sum of stakes passes `micro`. */
function seatAt(left: Juror[], micro: bigint): Juror {
  let passedMicro = 0n
  const index = left.findIndex(({ stakeMicro }) => {
    passedMicro += stakeMicro
    return passedMicro > micro
  })
  const [drawn] = left.splice(index, 1)
  invariant(drawn !== undefined && index !== -1, 'a draw is below the sum of stakes')
  return drawn
}
