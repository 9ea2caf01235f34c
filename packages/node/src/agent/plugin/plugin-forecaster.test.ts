import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { present, type Statement, type StreamShares } from '@commonweal/protocol'
import { inTime } from '../../in-time.ts'
import type { Forecaster, ForecastSituation, SettledQuestion } from '../forecast/forecaster.ts'
import { knownDraws } from '../game/draw.ts'
import {
  agentAt,
  mandateOf,
  questionAt,
  SUPPLIERS,
  say,
  settle,
  signalOf,
} from '../llm/forecast/test-questions.ts'
import type { Mandate } from '../llm/mandate.ts'
import { TestClock } from '../llm/test-clock.ts'
import { prosocialityOfLambda } from '../prosocial.ts'
import type { ForecasterPluginOptions } from './plugin.ts'
import { createPluginForecaster } from './plugin-forecaster.ts'
import { PluginWatch } from './plugin-watch.ts'

const ANSWER_MS = 1_000
const weight = prosocialityOfLambda(0)
assert.ok(weight.ok)
const prosociality = weight.value
const POLICY_SAYS: Statement = say([5_000, 5_000], 'The policy.')
const POLICY_PAYS: StreamShares = [{ to: agentAt(1), bps: 7 }]
const SAYS: Statement = say([7_000, 3_000], 'Own.')

interface Bench {
  readonly forecaster: Forecaster
  readonly watch: PluginWatch
  readonly clock: TestClock
  readonly faults: string[]
  /** What the policy behind it has learned. */
  readonly learned: string[]
}

/** A forecaster that does all that one must, changed. */
function createBench(change: object = {}, mandate: Mandate | null = null): Bench {
  const clock = new TestClock()
  const [faults, learned]: [string[], string[]] = [[], []]
  const watch = new PluginWatch({
    name: 'own.ts',
    wait: (answer) => inTime(clock, ANSWER_MS, () => answer),
    onFault: (question, { code, message }) => faults.push(`${question} ${code}: ${message}`),
  })
  let policyCount = 0
  const createPolicy = (): Forecaster => {
    const isBehind = policyCount === 0
    policyCount += 1
    return {
      name: 'policy',
      suppliers: SUPPLIERS,
      forecast: () => POLICY_SAYS,
      learn: ({ question }) => void (isBehind && learned.push(question.topic)),
      chooseStreams: () => POLICY_PAYS,
      serves: () => true,
    }
  }
  const createForecaster = ({ suppliers }: ForecasterPluginOptions): object => ({
    name: 'own',
    suppliers,
    forecast: () => SAYS,
    learn: () => undefined,
    chooseStreams: () => null,
    serves: () => false,
    ...change,
  })
  const forecaster = createPluginForecaster(
    { name: 'own.ts', path: '/own.ts', digest: '', createAgent: null, createForecaster },
    watch,
    {
      agent: agentAt(0),
      suppliers: SUPPLIERS,
      nameOf: (agent) => agent.slice(0, 4),
      prosociality,
      derive: knownDraws('test'),
      mandate,
      createPolicy,
    },
  )
  return { forecaster, watch, clock, faults, learned }
}

function situation(): ForecastSituation {
  const question = questionAt(1)
  return {
    question,
    snapshot: 0,
    agent: agentAt(0),
    signals: [signalOf(agentAt(1), question, SAYS)],
  }
}

const throwing = (): never => {
  throw new TypeError('no rain')
}

describe('a forecaster of the operator’s own', () => {
  it('says, learns, serves and pays as it likes, at once', () => {
    const own: string[] = []
    const { forecaster, learned, faults, watch } = createBench({
      learn: ({ question }: SettledQuestion) => void own.push(question.topic),
      chooseStreams: () => [
        { to: agentAt(2), bps: 4_000 },
        { to: agentAt(1), bps: 4_000 },
      ],
    })
    assert.deepEqual(forecaster.forecast(situation()), SAYS)
    forecaster.learn(settle(questionAt(1), 0, [[1, SAYS]]))
    assert.deepEqual([own, learned], [['day/1/rain'], ['day/1/rain']])
    assert.equal(forecaster.serves({ agent: agentAt(4), bps: 0, servedCount: 0 }), false)
    const paid = [agentAt(1), agentAt(2)].toSorted().map((to) => ({ to, bps: 4_000 }))
    assert.deepEqual(forecaster.chooseStreams(), paid, 'in the order of the ledger')
    assert.deepEqual(faults, [])
    assert.equal(watch.usage().choices, 1)
    assert.equal(forecaster.assignCredit, undefined)
  })

  it('may say nothing, and judge for itself', () => {
    const { forecaster } = createBench({ forecast: () => null, judge: () => 1 })
    assert.equal(forecaster.forecast(situation()), null)
    assert.equal(forecaster.judge?.(situation()), 1)
    const plain = createBench()
    assert.equal(plain.forecaster.judge?.(situation()), 0, 'as all have said')
  })

  it('bonds for what it has seen, and judges by that', () => {
    const witness = { patienceHeights: 2, saw: () => 1 }
    const { forecaster } = createBench({ witness })
    assert.equal(forecaster.witness?.patienceHeights, 2)
    assert.equal(forecaster.witness?.saw(questionAt(1)), 1)
    assert.equal(forecaster.judge?.(situation()), 1)
    assert.equal(createBench().forecaster.witness, undefined)
    const lost = createBench({ witness: { ...witness, saw: () => 2 } })
    assert.equal(lost.forecaster.witness?.saw(questionAt(1)), null)
    assert.match(lost.faults.join(), /^saw wrong-shape: /)
  })

  it('asks its own suppliers, and never itself', () => {
    const suppliers = [agentAt(0), agentAt(5)]
    assert.deepEqual(createBench({ suppliers }).forecaster.suppliers, [agentAt(5)])
  })

  it('cannot change what the node knows', () => {
    const spoil = ({
      question,
      signals,
    }: {
      question: { outcomes: unknown[] }
      signals: unknown[]
    }): null => {
      question.outcomes.pop()
      signals.pop()
      return null
    }
    const { forecaster } = createBench({ forecast: spoil, learn: spoil })
    const seen = situation()
    const settled = settle(questionAt(1), 0, [[1, SAYS]])
    void forecaster.forecast(seen)
    forecaster.learn(settled)
    assert.deepEqual(seen, situation())
    assert.deepEqual(settled, settle(questionAt(1), 0, [[1, SAYS]]))
  })

  it('is one at the start, or there is none', () => {
    const refused = (change: object, message: RegExp): void =>
      assert.throws(() => createBench(change), { name: 'ConfigError', message })
    refused(
      { learn: undefined },
      /^\/own\.ts: its createForecaster returns no forecaster; accepted: /,
    )
    for (const patienceHeights of [undefined, -1, 0.5]) {
      refused({ witness: { patienceHeights, saw: () => 1 } }, /returns no forecaster/)
    }
    refused({ suppliers: ['me'] }, /its forecaster are no list of up to 32 agent ids; accepted: /)
  })
})

describe('the policy behind it decides', () => {
  it('where it throws, whatever it is asked', () => {
    const { forecaster, faults, learned, watch } = createBench({
      forecast: throwing,
      judge: throwing,
      learn: throwing,
      chooseStreams: throwing,
      serves: throwing,
    })
    assert.deepEqual(forecaster.forecast(situation()), POLICY_SAYS)
    assert.equal(forecaster.judge?.(situation()), 0)
    forecaster.learn(settle(questionAt(1), 0, [[1, SAYS]]))
    assert.deepEqual(forecaster.chooseStreams(), POLICY_PAYS)
    assert.equal(forecaster.serves({ agent: agentAt(4), bps: 0, servedCount: 0 }), true)
    assert.deepEqual(learned, ['day/1/rain'])
    const asked = ['forecast', 'judge', 'learn', 'streams', 'serves']
    assert.deepEqual(
      faults,
      asked.map((question) => `${question} threw: TypeError: no rain`),
    )
    assert.deepEqual(watch.usage().failures, { threw: asked.length })
  })

  it('where it says what no ledger takes', () => {
    const bad = [
      undefined,
      {},
      { ...SAYS, report: [5_000, 5_001] },
      { ...SAYS, report: [10_000, 0] },
      { ...SAYS, report: [4_000, 3_000, 3_000] },
      { ...SAYS, reasoning: 'x'.repeat(1_025) },
    ]
    for (const said of bad) {
      const { forecaster, faults } = createBench({ forecast: () => said })
      assert.deepEqual(forecaster.forecast(situation()), POLICY_SAYS)
      assert.match(faults.join(), /^forecast wrong-shape: /)
    }
    for (const shares of [
      undefined,
      [{ to: agentAt(1), bps: 8_001 }],
      [{ to: agentAt(0), bps: 1 }],
      [{ to: 'me', bps: 1 }],
    ]) {
      const { forecaster, faults } = createBench({ chooseStreams: () => shares })
      assert.deepEqual(forecaster.chooseStreams(), POLICY_PAYS)
      assert.match(faults.join(), /^streams wrong-shape: /)
    }
    const { forecaster, faults } = createBench({ judge: () => 2, serves: () => 'yes' })
    assert.equal(forecaster.judge?.(situation()), 0)
    assert.equal(forecaster.serves({ agent: agentAt(4), bps: 0, servedCount: 0 }), true)
    assert.match(faults.join(), /judge wrong-shape: .*,serves wrong-shape: .* a string/)
  })

  it('where it is late, or waits where nothing may wait', async () => {
    const never = Promise.withResolvers<never>().promise
    const { forecaster, clock, faults } = createBench({
      forecast: () => never,
      assignCredit: () => never,
      learn: () => never,
    })
    const said = Promise.resolve(forecaster.forecast(situation()))
    const credited = present(forecaster.assignCredit, 'it thinks about pay')([])
    forecaster.learn(settle(questionAt(1), 0, []))
    clock.advance(ANSWER_MS)
    assert.deepEqual(await said, POLICY_SAYS)
    await credited
    assert.deepEqual(
      faults.map((fault) => fault.split(':', 1)[0]),
      ['learn wrong-shape', 'forecast timed-out', 'credit timed-out'],
    )
  })

  it('where its mandate is passed, if it has one', () => {
    const bold = {
      forecast: () => say([9_900, 100]),
      chooseStreams: () => [{ to: agentAt(1), bps: 8_000 }],
    }
    const { forecaster, faults } = createBench(bold, mandateOf())
    assert.deepEqual(forecaster.forecast(situation()), POLICY_SAYS)
    assert.deepEqual(forecaster.chooseStreams(), POLICY_PAYS)
    assert.match(faults.join(), /^forecast outside-mandate: .*,streams outside-mandate: /)
    const free = createBench(bold).forecaster
    assert.deepEqual(free.forecast(situation()), say([9_900, 100]))
  })
})
