import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type AgentId,
  agentIdOf,
  checkReport,
  checkStream,
  cidOf,
  digestOf,
  InvariantError,
  invariant,
  type Statement,
  statementSchema,
} from '@commonweal/protocol'
import { prosocialityOfLambda } from '../prosocial.ts'
import type { Forecaster, OpenQuestion, SettledQuestion, Signal } from './forecaster.ts'
import { createPoolingForecaster, type PoolingOptions } from './pooling-forecaster.ts'

/** Agents whose ids are in the order of their numbers. */
function agentAt(index: number): AgentId {
  return agentIdOf(new Uint8Array(32).fill(index + 1))
}
const [agent, good, noise, stranger] = [agentAt(0), agentAt(1), agentAt(2), agentAt(3)]

describe('a pooling forecaster', () => {
  it('says the reference before it has learned anything, and names what it has heard', () => {
    const signals = [say(good, 0, 0, [8_000, 2_000]), say(stranger, 0, 1, [9_000, 1_000])]
    const statement = forecast(create(), signals)
    assert.deepEqual(statement?.report, [5_000, 5_000])
    assert.deepEqual(statement?.parents, [signals[0]?.digest])
    assert.match(statement?.reasoning ?? '', /^Pool of 1 signal on “rain”: 02020202 0\.00 × \.80/)
  })

  it('has nothing to say when no supplier of its own has reported', () => {
    assert.equal(forecast(create(), []), null)
    assert.equal(forecast(create(), [say(stranger, 0, 0, [8_000, 2_000])]), null)
    assert.equal(forecast(create(), [say(good, 0, 0, null)]), null)
    assert.equal(forecast(create(), [say(good, 0, 0, [10_000, 0])]), null)
  })

  it('comes to trust who is right and pays only him', () => {
    const forecaster = create()
    for (const settled of history(120)) forecaster.learn(settled)
    const signals = [say(good, 120, 0, [8_000, 2_000]), say(noise, 120, 1, [3_000, 7_000])]
    const statement = forecast(forecaster, signals)
    const [rain = 0] = statement?.report ?? []
    assert.ok(rain > 7_000, `${rain}`)
    assert.ok(checkReport(statement?.report ?? [], 2).ok)
    assert.ok(statementSchema.safeParse(statement).success)
    const streams = forecaster.chooseStreams()
    assert.ok(streams !== null && checkStream(agent, streams).ok)
    assert.deepEqual(
      streams.map(({ to }) => to),
      [good],
    )
  })

  it('goes by what it believes itself until others are known to add to it, and pays itself nothing', () => {
    const forecaster = create({ own: good })
    assert.deepEqual(
      forecast(forecaster, [say(good, 0, 0, [8_000, 2_000])])?.report,
      [8_000, 2_000],
    )
    for (const settled of history(120)) forecaster.learn(settled)
    assert.equal(forecaster.chooseStreams(), null, 'noise adds nothing to it')
  })

  it('says only once whom it pays, as long as nothing changes', () => {
    const forecaster = create()
    assert.equal(forecaster.chooseStreams(), null)
    for (const settled of history(80)) forecaster.learn(settled)
    assert.notEqual(forecaster.chooseStreams(), null)
    assert.equal(forecaster.chooseStreams(), null)
  })

  it('is after a restart where it was, however often it was asked', () => {
    const asked = create()
    let streams = asked.chooseStreams() ?? []
    for (const settled of history(120)) {
      asked.learn(settled)
      streams = asked.chooseStreams() ?? streams
    }
    const restarted = create()
    for (const settled of history(120)) restarted.learn(settled)
    assert.deepEqual(restarted.chooseStreams(), streams)
    const signals = [say(good, 120, 0, [8_000, 2_000]), say(noise, 120, 1, [3_000, 7_000])]
    assert.deepEqual(forecast(restarted, signals), forecast(asked, signals))
  })

  it('learns nothing from a void question', () => {
    const forecaster = create()
    for (const settled of history(80)) forecaster.learn({ ...settled, outcome: null })
    assert.deepEqual(
      forecast(forecaster, [say(good, 80, 0, [8_000, 2_000])])?.report,
      [5_000, 5_000],
    )
    assert.equal(forecaster.chooseStreams(), null)
  })

  it('passes on more when it cares for others', () => {
    const passed = [0, 0.5, 2].map((lambda) => {
      const forecaster = create({ lambda })
      for (const settled of history(120)) forecaster.learn(settled)
      return (forecaster.chooseStreams() ?? []).reduce((sum, { bps }) => sum + bps, 0)
    })
    // One supplier counts: λ/(1 + λ) over 1 + λ/(1 + λ).
    assert.deepEqual(passed.slice(1), [2_500, 4_000])
    // What signals are worth to it, as of the last change of a hundredth.
    const [selfish = 0] = passed
    assert.ok(selfish > 1_850 && selfish <= 2_000, `${selfish}`)
  })

  it('has 32 suppliers at the most, and names them all', () => {
    const suppliers = Array.from({ length: 33 }, (_, index) => agentAt(index + 10))
    const few = suppliers.slice(1)
    const signals = suppliers.map((supplier, order) => say(supplier, 0, order, [6_000, 4_000]))
    const statement = forecast(create({ suppliers: few }), signals)
    assert.equal(statement?.parents.length, 32)
    assert.ok(statementSchema.safeParse(statement).success)
    assert.throws(() => create({ suppliers }), InvariantError)
  })

  it('never takes itself for a supplier', () => {
    assert.deepEqual(create({ suppliers: [agent, good] }).suppliers, [good])
  })

  it('serves newcomers, and afterwards those who pay', () => {
    const serves = (bps: number, servedCount: number): boolean =>
      create().serves({ agent: stranger, bps, servedCount })
    assert.deepEqual([serves(0, 0), serves(0, 30), serves(100, 30)], [true, false, true])
  })
})

interface Choice {
  readonly lambda?: number
  readonly suppliers?: PoolingOptions['suppliers']
  readonly own?: AgentId
}

function create({ lambda = 0, suppliers = [good, noise], own }: Choice = {}): Forecaster {
  const prosociality = prosocialityOfLambda(lambda)
  invariant(prosociality.ok, 'λ is 0 or more')
  return createPoolingForecaster({ agent, suppliers, prosociality: prosociality.value, own })
}

function forecast(forecaster: Forecaster, signals: readonly Signal[]): Statement | null {
  const answer = forecaster.forecast({ question: ask(0), snapshot: 0, agent, signals })
  invariant(!(answer instanceof Promise), 'a pooling forecaster answers at once')
  return answer
}

/** Four of five times it rains when the good one says so; the other says anything. */
function history(count: number): readonly SettledQuestion[] {
  return Array.from({ length: count }, (_, index) => {
    const saysRain = (index * 7) % 3 !== 0
    const isRight = index % 5 !== 2
    return {
      question: ask(index),
      outcome: saysRain === isRight ? 0 : 1,
      signals: [
        say(good, index, 0, saysRain ? [8_000, 2_000] : [2_000, 8_000]),
        say(noise, index, 1, (index * index) % 7 < 3 ? [8_000, 2_000] : [2_000, 8_000]),
      ],
    }
  })
}

function ask(index: number): OpenQuestion {
  return {
    id: cidOf(Uint8Array.of(index)),
    text: 'Will it rain tomorrow?',
    topic: 'rain',
    outcomes: ['rain', 'dry'],
    resolver: { kind: 'schelling' },
    referenceBps: [5_000, 5_000],
    weight: 1,
    openHeight: 1,
    snapshots: [{ closeHeight: 2, weightBps: 10_000 }],
    resolveHeight: 3,
  }
}

function say(author: AgentId, index: number, order: number, report: Statement['report']): Signal {
  const digest = digestOf(Uint8Array.of(index, order))
  const statement = { report, findings: [], parents: [], reasoning: '', hypotheses: [] }
  return { author, snapshot: 0, digest, order, statement }
}
