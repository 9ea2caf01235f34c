import {
  type Agent,
  type AgentPluginOptions,
  type CommonsSituation,
  capLaw,
  composeTerms,
} from '@commonweal/node/agent'

/** Opens with one law, answers others as the built-in agent does, and is as careful as the others are. */
export function createAgent({ policy }: AgentPluginOptions): Agent {
  return {
    name: 'careful',
    negotiate(situation) {
      const isFirst = situation.standing === null && situation.covering === null
      if (situation.kind !== 'commons' || situation.contract !== 'law' || !isFirst) {
        return policy.negotiate(situation)
      }
      const law = capLaw(`stock / ${2 * situation.seats.length}`)
      return { move: 'propose', terms: composeTerms(situation, { law, text: 'Half of it stays.' }) }
    },
    act(situation) {
      if (situation.kind !== 'commons') return policy.act(situation)
      const { state, seats } = situation
      const parts = isOverused(situation) ? seats.length : 2 * seats.length
      return BigInt(Math.floor(state.stock / parts))
    },
  }
}

/** Whether all together took more than half in the last round: what one leaves then, others take. */
function isOverused({ history }: CommonsSituation): boolean {
  const last = history.at(-1)
  return last !== undefined && last.catchTotal > last.stockBefore / 2
}
