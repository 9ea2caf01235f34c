import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { type FixtureResponse, LLMock } from '@copilotkit/aimock'
import type { Agent } from '../agent.ts'
import { prosocialityOfLambda } from '../prosocial.ts'
import { createModelAgent } from './create-model-agent.ts'
import { agentAt, questionAt, SUPPLIERS, say, signalOf } from './forecast/test-questions.ts'
import { gameOf } from './game/test-game.ts'
import { modelConfigSchema } from './model-config.ts'
import { TestClock } from './test-clock.ts'

/*
 * What is asked of a model other than in a commons goes the same way to the server and back: its faults are counted alike, and
 * none is taken for a choice.
 */

interface Kind {
  readonly name: string
  readonly good: string
  readonly ask: (agent: Agent) => Promise<unknown>
}

const question = questionAt(1)
const signals = [signalOf(agentAt(1), question, say([7_000, 3_000], 'Dry air.'))]
const KINDS: readonly Kind[] = [
  {
    name: 'an action in a game',
    good: '{"action": 2, "reason": null}',
    ask: async (agent) => agent.act(gameOf()),
  },
  {
    name: 'a turn of a negotiation about a game',
    good: '{"move": "pass"}',
    ask: async (agent) => agent.negotiate(gameOf()),
  },
  {
    name: 'a forecast',
    good: '{"report": [6500, 3500], "used": [0], "reasoning": "Dry air is likely."}',
    ask: async (agent) =>
      agent.forecaster?.forecast({ question, snapshot: 0, agent: agentAt(0), signals }),
  },
]

const running: { stop: () => unknown }[] = []
const folder = mkdtempSync(join(tmpdir(), 'kinds-'))
after(async () => {
  await Promise.all(running.map((server) => server.stop()))
  rmSync(folder, { recursive: true })
})

/** A server that answers by a list, the last for ever. */
async function serve(steps: readonly FixtureResponse[]): Promise<string> {
  const mock = new LLMock({ port: 0 })
  let index = 0
  mock.on({}, () => {
    const step = steps[Math.min(index++, steps.length - 1)]
    assert.ok(step !== undefined)
    return step
  })
  await mock.start()
  running.push(mock)
  return `${mock.url}/v1`
}

function connect(baseUrl: string, config: object = {}): { agent: Agent; clock: TestClock } {
  const prosociality = prosocialityOfLambda(1)
  assert.ok(prosociality.ok)
  const clock = new TestClock()
  const agent = createModelAgent(modelConfigSchema.parse({ name: `m@${baseUrl}`, ...config }), {
    prosociality: prosociality.value,
    clock,
    environment: {},
    signal: new AbortController().signal,
    random: () => 0,
    forecasts: { agent: agentAt(0), suppliers: SUPPLIERS, nameOf: (one) => one.slice(0, 8) },
  })
  return { agent, clock }
}

for (const { name, good, ask } of KINDS) {
  describe(`${name}, asked over HTTP`, () => {
    it('is asked again where the server wants to be asked later', async () => {
      const busy = { error: { message: 'slow down' }, status: 429, retryAfter: 3 }
      const { agent, clock } = connect(await serve([busy, { content: good }]))
      const answer = ask(agent)
      await clock.untilAlarms(2)
      clock.advance(3_000)
      assert.ok((await answer) !== undefined)
      const { choices, faults } = agent.usage?.() ?? {}
      assert.deepEqual([choices, faults], [1, { 'rate-limited': 1 }])
    })

    it('fails where the server refuses, or has nothing of use to say, and chooses nothing', async () => {
      const refusals: readonly (readonly [FixtureResponse, string])[] = [
        [{ error: { message: 'who are you?' }, status: 401 }, 'unauthorized'],
        [{ content: 'As a model I would rather not.' }, 'not-json'],
        [{ content: '{"answer": 42}' }, 'wrong-shape'],
      ]
      for (const [step, code] of refusals) {
        const { agent } = connect(await serve([step]))
        await assert.rejects(ask(agent), { code })
        const { turns, choices, failures } = agent.usage?.() ?? {}
        assert.deepEqual([turns, choices, failures], [1, 0, { [code]: 1 }])
      }
    })

    it('fails when its time is over, and when its budget is', async () => {
      const url = await serve([{ error: { message: 'later' }, status: 429, retryAfter: 20 }])
      const { agent, clock } = connect(url, { turnMs: 5_000 })
      const answer = ask(agent)
      await clock.untilAlarms(2)
      clock.advance(5_000)
      await assert.rejects(answer, { code: 'timed-out' })
      const poor = connect(url, { tokensMax: 100 })
      await assert.rejects(ask(poor.agent), { code: 'over-budget' })
    })

    it('is answered from a recording as it was by the server', async () => {
      const path = join(folder, `${name.replaceAll(' ', '-')}.jsonl`)
      const url = await serve([{ content: 'no' }, { content: good }])
      const recorded = connect(url, { cassette: { path, mode: 'record' } }).agent
      const said = await ask(recorded)
      const replayed = connect(url, { cassette: { path, mode: 'replay-only' } }).agent
      assert.deepEqual(await ask(replayed), said)
      assert.deepEqual(replayed.usage?.(), recorded.usage?.())
      await assert.rejects(ask(replayed), { code: 'not-recorded' })
    })
  })
}
