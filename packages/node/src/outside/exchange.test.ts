import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Agent } from '../agent/agent.ts'
import type { LanguageModel } from '../agent/llm/language-model.ts'
import { createLlmAgent } from '../agent/llm/llm-agent.ts'
import { createMandate } from '../agent/llm/mandate.ts'
import { scriptedModel, situationOf, termsOf } from '../agent/llm/test-situation.ts'
import { prosocialityOfLambda } from '../agent/prosocial.ts'
import { capLaw } from '../agent/utility/candidate.ts'
import { answerClauses, askForOffer } from './exchange.ts'
import { OUTSIDE_DEFAULT } from './outside-config.ts'

const mandate = createMandate(OUTSIDE_DEFAULT.mandate)
const situation = situationOf()
const OPENING = { turn: 1, said: [] }
const HARSH = capLaw('[2, 1, 2, 2, 2][self] * stock / 18')

function agentOf(model: LanguageModel): Agent {
  const weight = prosocialityOfLambda(0.6)
  assert.ok(weight.ok)
  const [memoryTokensMax, showsHorizon] = [500, true]
  return createLlmAgent({
    model,
    mandate,
    prosociality: weight.value,
    memoryTokensMax,
    showsHorizon,
  })
}

function reply(move: string, limit?: string): string {
  const clause = { at: 'submission', when: 'true', then: { primitive: 'cap', limit, over: null } }
  const law = limit === undefined ? null : { clauses: [clause] }
  return JSON.stringify({ move, law, words: null, text: 'As you like.' })
}

describe('an agent with a language model, asked from outside', () => {
  it('sees clauses in words as terms that nobody holds yet, and takes them', async () => {
    const model = scriptedModel(() => reply('accept'))
    const answer = await answerClauses(
      agentOf(model),
      mandate,
      situation,
      OPENING,
      capLaw('stock / 10'),
    )
    assert.equal(answer.kind, 'accept')
    const asked = model.requests[0]?.messages.at(-1)?.content ?? ''
    assert.match(asked, /each seat may harvest at most ⌊stock \/ 10⌋\nHeld by: nobody yet\./)
    assert.match(asked, /This is turn 2 of 10/)
  })

  it('is not even asked about clauses outside of the mandate', async () => {
    const model = scriptedModel(() => reply('accept'))
    const answer = await answerClauses(agentOf(model), mandate, situation, OPENING, HARSH)
    assert.deepEqual(answer, { kind: 'refuse', code: 'outside-mandate' })
    assert.equal(model.requests.length, 0)
  })

  it('gives up no more at a time than the mandate lets it, against what it said before', async () => {
    const narrow = createMandate({ ...OUTSIDE_DEFAULT.mandate, concessionPercentMax: 10 })
    const said = [
      { turn: 1, terms: termsOf(situation, capLaw('self == 1 ? stock / 5 : stock / 10')) },
    ]
    const fair = capLaw('stock / 10')
    const yes = agentOf(scriptedModel(() => reply('accept')))
    const exchange = { turn: 3, said }
    const held = await answerClauses(yes, narrow, situation, exchange, fair)
    assert.equal(held.kind, 'refuse')
    assert.equal((await answerClauses(yes, narrow, situation, OPENING, fair)).kind, 'accept')
  })

  it('answers with clauses of its own, and says when it has none', async () => {
    const counter = agentOf(scriptedModel(() => reply('propose', 'stock / 12')))
    const answer = await answerClauses(counter, mandate, situation, OPENING, capLaw('stock / 10'))
    assert.ok(answer.kind === 'propose')
    assert.deepEqual(answer.terms, termsOf(situation, 'stock / 12', { text: 'As you like.' }))
    const silent = agentOf(scriptedModel(() => reply('pass')))
    assert.deepEqual(await askForOffer(silent, situation), {
      kind: 'refuse',
      code: 'nothing-to-offer',
    })
  })
})
