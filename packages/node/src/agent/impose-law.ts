import { type Law, type Terms, termsCid } from '@commonweal/protocol'
import type { Agent, NegotiationSituation } from './agent.ts'

/** Half of what an agent of a local network has: enough for the fines of an experiment, and funded at every fidelity. */
const COLLATERAL_MICRO = 500_000_000n

/**
 * Plays as an agent does, and speaks for one law: it proposes it, accepts it, and talks of nothing else. If all do, the law is
 * formed as any other is, by a quorum of signatures.
 */
export function imposeLaw(agent: Agent, law: Law): Agent {
  return {
    name: agent.name,
    act: (situation) => agent.act(situation),
    negotiate(situation) {
      const { contract, covering, standing, seat, holds, state, params, contractDelay } = situation
      const hasRoundAtStake = state.round + contractDelay <= params.rounds
      if (contract !== 'law' || covering !== null || !hasRoundAtStake) return { move: 'pass' }
      const terms = composeTerms(situation, law)
      const id = termsCid(terms)
      if (holds[seat] === id) return { move: 'pass' }
      return standing?.id === id ? { move: 'accept' } : { move: 'propose', terms }
    },
  }
}

/** From the round at stake to the last. */
function composeTerms(situation: NegotiationSituation, law: Law): Terms {
  const { seats, quorum, subnet, epoch, contractDelay, params, state } = situation
  return {
    parties: seats,
    quorum,
    subnet,
    rounds: [epoch + contractDelay, epoch + params.rounds - state.round],
    mode: 'law',
    text: '',
    law,
    collateralMicro: seats.map(() => COLLATERAL_MICRO),
    replaces: null,
  }
}
