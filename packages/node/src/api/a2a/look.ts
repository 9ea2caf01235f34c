import { type AgentId, agreements, computeVariables, instances } from '@commonweal/protocol'
import { z } from 'zod'
import { languageOf } from '../../agent/language-of.ts'
import { foreseeNegotiation } from '../../outside/foreseen-negotiation.ts'
import { wordsOf } from '../contract-view.ts'
import type { ApiSource } from '../source.ts'
import { bodySchema } from './body.ts'
import type { Saying } from './saying.ts'

/** What this agent understands, for one that said something else. */
export function describeAccepted(): Saying {
  return {
    sentence:
      'This agent understands data: say {"kind":"look"} to see what there is to negotiate about. Texts are kept beside it and set nothing.',
    body: { kind: 'not-understood', accepted: z.toJSONSchema(bodySchema, { io: 'input' }) },
  }
}

/** Every instance, and the next negotiation about it as this agent foresees it. Nothing in it is hidden from anybody. */
export function describeSituation(source: ApiSource, agent: AgentId): Saying {
  const ledger = source.ledger()
  const { epoch, phase, finalHeight, network } = source.status()
  const described = [...instances.entries(ledger)].map(([id, { kind, contract }]) => {
    const foreseen = foreseeNegotiation(ledger, agent, id)
    if (!foreseen.ok)
      return { subnet: id, kind, contract, isOpen: false, code: foreseen.error.code }
    const { seat, seats, quorum, turnsMax, params, state } = foreseen.value
    const language = languageOf(foreseen.value)
    return {
      subnet: id,
      kind,
      contract,
      isOpen: true,
      seat,
      seats,
      quorum,
      turnsMax,
      params,
      state,
      law: {
        submission: Object.keys(computeVariables(language, 'submission')),
        settlement: Object.keys(computeVariables(language, 'settlement')),
        primitives: language.primitives ?? 'all',
      },
    }
  })
  const open = described.filter(({ isOpen }) => isOpen).map(({ subnet }) => subnet)
  return {
    sentence:
      open.length === 0
        ? 'There is nothing to negotiate about.'
        : `A negotiation can be opened about: ${open.join(', ')}.`,
    body: {
      kind: 'situation',
      network,
      agent,
      epoch,
      phase,
      finalHeight,
      instances: described,
      agreements: wordsInForce(source),
      accepted: z.toJSONSchema(bodySchema, { io: 'input' }),
    },
  }
}

function wordsInForce(source: ApiSource): readonly unknown[] {
  return [...agreements.entries(source.ledger())].map(([id, { terms, until }]) => ({
    id,
    subnet: terms.subnet,
    rounds: terms.rounds,
    until,
    words: wordsOf(terms, source.genesis),
  }))
}
