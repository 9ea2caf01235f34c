import {
  actionCountOf,
  baseOf,
  type Clause,
  computeGainMax,
  type GameParams,
} from '@commonweal/protocol'
import type { GameSituation } from '../agent.ts'
import type { Candidate } from '../utility/candidate.ts'

/**
 * The laws that agents bargain over in a game: for each base action, that nobody plays another. [AGT-15]
 *
 * A fine above everything that a seat could gain, with the collateral to pay it in every round; and, where the language may
 * change actions, an override to the first action of that base.
 */
export function computeGameCandidates(situation: GameSituation): readonly Candidate[] {
  const { params, state, seats } = situation
  const actions = Array.from({ length: actionCountOf(params) }, (_, action) => action)
  const bases = [...new Set(actions.map((action) => baseOf(params, action)))]
  const roundsLeft = BigInt(params.rounds - state.round + 1)
  return bases.flatMap((base): readonly Candidate[] => {
    const fineMicro = fineOf(params)
    const fine = {
      law: { clauses: [clauseFor(base, { primitive: 'sanction', amount: String(fineMicro) })] },
      text: `Who plays anything but base action ${base} pays ${fineMicro}.`,
      collateralMicro: seats.map(() => fineMicro * roundsLeft),
    }
    if (params.language !== 'full') return [fine]
    const first = actions.find((action) => baseOf(params, action) === base) ?? 0
    const override = clauseFor(base, { primitive: 'override', action: String(first) })
    const text = `Anything but base action ${base} becomes action ${first}.`
    return [{ law: { clauses: [override] }, text }, fine]
  })
}

function clauseFor(base: number, then: Clause['then']): Clause {
  return { at: 'submission', when: `base != ${base}`, then }
}

/** One payoff more than a seat's own choice can change. */
function fineOf(params: GameParams): bigint {
  return BigInt(computeGainMax(params) + 1) * params.unitMicro
}
