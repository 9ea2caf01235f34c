import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { present, type Statement, type StreamShares } from '@commonweal/protocol'
import { createAgent } from '../create-agent.ts'
import type { Forecaster, ForecastSituation } from '../forecast/forecaster.ts'
import { knownDraws } from '../game/draw.ts'
import {
  agentAt,
  questionAt,
  SUPPLIERS,
  say,
  settle,
  signalOf,
} from '../llm/forecast/test-questions.ts'
import { TestClock } from '../llm/test-clock.ts'
import { prosocialityOfLambda } from '../prosocial.ts'
import { UTILITY } from '../utility/policy.ts'
import { type AssistantSeat, createAssistantAgent } from './assistant-agent.ts'
import { type AssistantConfigFile, assistantConfigSchema } from './assistant-config.ts'
import type { AnswerOutcome } from './assistant-view.ts'

const GOOD = say([7_000, 3_000])
const weight = prosocialityOfLambda(0)
assert.ok(weight.ok)
const prosociality = weight.value
const POLICY_SAYS: Statement = say([5_000, 5_000], 'The policy.')
const POLICY_PAYS: StreamShares = [{ to: agentAt(1), bps: 7 }]

interface Bench {
  readonly forecaster: Forecaster
  readonly seat: AssistantSeat
  readonly clock: TestClock
  readonly learned: string[]
  answer(reply: object): Promise<AnswerOutcome>
}

function createBench(config: AssistantConfigFile = {}): Bench {
  const clock = new TestClock()
  const learned: string[] = []
  const policy: Forecaster = {
    name: 'policy',
    suppliers: SUPPLIERS,
    forecast: () => POLICY_SAYS,
    learn: ({ question }) => void learned.push(question.topic),
    chooseStreams: () => POLICY_PAYS,
    serves: () => true,
  }
  const agent = createAssistantAgent(assistantConfigSchema.parse({ creditEvery: 1, ...config }), {
    prosociality,
    clock,
    signal: new AbortController().signal,
    answerMs: 1_000,
    policy: createAgent({ policy: UTILITY, prosociality, derive: knownDraws('test') }),
    forecasts: { agent: agentAt(0), suppliers: SUPPLIERS, nameOf: (of) => of.slice(0, 4), policy },
  })
  const seat = present(agent.assistant, 'it has a seat')
  return {
    forecaster: present(agent.forecaster, 'it forecasts'),
    seat,
    clock,
    learned,
    answer: (reply) => seat.answer(seat.view().questions[0]?.id ?? '', reply),
  }
}

function situation(): ForecastSituation {
  const question = questionAt(1)
  const signals = [signalOf(agentAt(1), question, GOOD)]
  return { question, snapshot: 0, agent: agentAt(0), signals }
}

function codeOf(outcome: AnswerOutcome): string {
  return outcome.status === 'refused' ? outcome.code : outcome.status
}

describe('a forecaster that an assistant decides for', () => {
  it('reports what it says, within the mandate', async () => {
    const { forecaster, answer } = createBench()
    const said = Promise.resolve(forecaster.forecast(situation()))
    const reply = { report: [6_500, 3_500], used: [0], reasoning: 'It rained yesterday.' }
    assert.equal(codeOf(await answer({ ...reply, report: [9_900, 100] })), 'outside-mandate')
    assert.equal(codeOf(await answer({ ...reply, used: [2] })), 'wrong-shape')
    assert.equal(codeOf(await answer(reply)), 'accepted')
    const statement = await said
    assert.deepEqual(
      [statement?.report, statement?.reasoning, statement?.parents],
      [[6_500, 3_500], 'It rained yesterday.', [situation().signals[0]?.digest]],
    )
  })

  it('pays whom it says', async () => {
    const { forecaster, answer, seat } = createBench()
    forecaster.learn(settle(questionAt(1), 0, [[1, GOOD]]))
    const credited = forecaster.assignCredit?.([])
    assert.equal(seat.view().questions[0]?.asks, 'credit')
    assert.equal(codeOf(await answer({ shares: [{ supplier: 0, bps: 100 }] })), 'accepted')
    await credited
    assert.deepEqual(forecaster.chooseStreams(), [{ to: agentAt(1), bps: 100 }])
    assert.equal(forecaster.chooseStreams(), null)
  })

  it('has the policy report and pay where nobody answers, which has learned the same', async () => {
    const { forecaster, clock, seat, learned } = createBench()
    assert.equal(seat.view().fallback, 'policy')
    const said = Promise.resolve(forecaster.forecast(situation()))
    clock.advance(1_000)
    assert.deepEqual(await said, POLICY_SAYS)
    forecaster.learn(settle(questionAt(1), 0, [[1, GOOD]]))
    assert.deepEqual(learned, ['day/1/rain'])
    const credited = forecaster.assignCredit?.([])
    clock.advance(1_000)
    await credited
    assert.deepEqual(forecaster.chooseStreams(), POLICY_PAYS)
    assert.equal(forecaster.chooseStreams(), null)
    assert.deepEqual(seat.view().unanswered, { 'timed-out': 2 })
  })

  it('says nothing where the operator wants no policy to decide', async () => {
    const { forecaster, clock } = createBench({ fallback: 'pass' })
    const said = Promise.resolve(forecaster.forecast(situation()))
    clock.advance(1_000)
    await assert.rejects(said, { code: 'timed-out' })
  })
})
