import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  builtInSubnets,
  createGenesisLedger,
  networkIdOf,
  nobleVerify,
  present,
} from '@commonweal/protocol'
import { Hono } from 'hono'
import { type AssistantSeat, createAssistantAgent } from '../agent/assistant/assistant-agent.ts'
import { assistantConfigSchema } from '../agent/assistant/assistant-config.ts'
import { answerOutcomeSchema, assistantViewSchema } from '../agent/assistant/assistant-view.ts'
import { createAgent } from '../agent/create-agent.ts'
import { knownDraws } from '../agent/game/draw.ts'
import { TestClock } from '../agent/llm/test-clock.ts'
import { prosocialityOfLambda } from '../agent/prosocial.ts'
import { UTILITY } from '../agent/utility/policy.ts'
import { createLocalGenesis } from '../local/genesis.ts'
import { createSituation } from '../situation.ts'
import { type AssistantSource, addAssistant } from './assistant-routes.ts'

const genesis = createLocalGenesis({ nodes: 3, seed: 'assistant' })
const founded = createGenesisLedger({
  genesis,
  networkId: networkIdOf(genesis),
  verify: nobleVerify,
  subnets: builtInSubnets,
})
assert.ok(founded.ok)
const ledger = founded.value
const SEAT = 2
const id = present(genesis.accounts[SEAT], 'it has three').agent

const weight = prosocialityOfLambda(0)
assert.ok(weight.ok)
const prosociality = weight.value
const clock = new TestClock()
const agent = createAssistantAgent(assistantConfigSchema.parse({}), {
  prosociality,
  clock,
  signal: new AbortController().signal,
  answerMs: 30_000,
  policy: createAgent({ policy: UTILITY, prosociality, derive: knownDraws('test') }),
})

function createApp(assistant: AssistantSeat | undefined): Hono {
  const app = new Hono()
  const status: AssistantSource['status'] = () => ({ agent: id, epoch: 1, phase: 'seal' })
  addAssistant(app, { assistant, status, ledger: () => ledger })
  return app
}

async function post(
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const app = createApp(agent.assistant)
  const text = JSON.stringify(body)
  const headers = { 'content-length': String(text.length) }
  const response = await app.request(path, { method: 'POST', body: text, headers })
  return { status: response.status, body: await response.json() }
}

describe('the assistant in the API', () => {
  it('sees its seat, what is asked, and what it may sign', async () => {
    const idle = assistantViewSchema.parse((await post('/assistant/look', {})).body)
    assert.deepEqual([idle.agent, idle.name, idle.phase], [id, 'assistant λ=0', 'seal'])
    assert.match(
      idle.situations[0]?.words ?? '',
      /^You have seat 2 of 3\.\nRound 1\. There are 100 units/,
    )
    assert.ok(idle.mandate.length > 3)

    const waiting = post('/assistant/wait', { seconds: 5 })
    const question = { kind: 'act', subnet: 'commons', epoch: 1, seat: SEAT } as const
    const action = Promise.resolve(
      agent.act(present(createSituation(ledger, question), 'a commons can be played')),
    )
    const { questions } = assistantViewSchema.parse((await waiting).body)
    assert.deepEqual(
      questions.map(({ asks, secondsLeft }) => [asks, secondsLeft]),
      [['request', 30]],
    )

    const answer = (request: number): ReturnType<typeof post> =>
      post('/assistant/answer', { question: questions[0]?.id, reply: { request } })
    const refused = await answer(101)
    const outcome = answerOutcomeSchema.parse(refused.body)
    assert.equal(refused.status, 409)
    assert.equal(outcome.status === 'refused' && outcome.code, 'outside-mandate')
    assert.equal((await answer(33)).status, 200)
    assert.equal(await action, 33n)
  })

  it('is told what was wrong with what it sent', async () => {
    for (const [path, body] of [
      ['/assistant/wait', { seconds: -1 }],
      ['/assistant/wait', { seconds: 61 }],
      ['/assistant/answer', { reply: {} }],
      ['/assistant/answer', { question: 'x'.repeat(65), reply: {} }],
    ] as const) {
      assert.deepEqual(await post(path, body), { status: 400, body: { code: 'malformed-body' } })
    }
  })

  it('is not there where a policy or a model decides', async () => {
    const app = createApp(undefined)
    for (const name of ['look', 'wait', 'answer']) {
      const response = await app.request(`/assistant/${name}`, { method: 'POST' })
      assert.equal(response.status, 404)
      assert.deepEqual(await response.json(), { code: 'no-assistant' })
    }
  })
})
