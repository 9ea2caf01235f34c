import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Statement } from '@commonweal/protocol'
import { agentOf, reporting } from '@commonweal/protocol/testing'
import type {
  Forecaster,
  ForecastSituation,
  SettledQuestion,
} from '../agent/forecast/forecaster.ts'
import { createPoolingForecaster } from '../agent/forecast/pooling-forecaster.ts'
import { prosocialityOfLambda } from '../agent/prosocial.ts'
import { createMemoryStore } from '../store/memory.ts'
import { DeskBench, MARGIN_HEIGHTS, ME, madeForecaster, TIMEOUT_MS } from './desk-bench.ts'

const [first, second] = [reporting(8_000), reporting(3_000)]

/** A forecaster that repeats one statement, and what it was shown. */
function listener(given: Partial<Forecaster> = {}): {
  readonly forecaster: Forecaster
  readonly seen: ForecastSituation[]
} {
  const seen: ForecastSituation[] = []
  const forecast = (situation: ForecastSituation): Statement => {
    seen.push(situation)
    return first
  }
  return { seen, forecaster: madeForecaster({ forecast, ...given }) }
}

describe('a question before the agent', () => {
  it('waits until all suppliers have spoken and is put to it once, with what they said', async () => {
    const { forecaster, seen } = listener()
    const bench = new DeskBench(forecaster)
    const id = bench.askQuestion()
    bench.seal('2', id, first)
    bench.show('2', id, first)
    bench.seal('3', id, second)
    assert.equal(seen.length, 0, 'one seal is not shown yet')
    bench.show('3', id, second)
    await bench.answered()
    assert.deepEqual(
      seen.map(({ signals }) => signals.map(({ author, order }) => [author, order])),
      [
        [
          [agentOf(2), 0],
          [agentOf(3), 1],
        ],
      ],
    )
    assert.deepEqual(bench.commands, [
      { kind: 'state', question: id, snapshot: 0, statement: first },
    ])
    bench.show('3', id, second)
    bench.world.advanceToStage(id, 'revealing')
    await bench.answered()
    assert.equal(bench.commands.length, 1)
  })

  it('waits for a seal that a block has not taken yet, though it was shown', async () => {
    const { forecaster, seen } = listener({ suppliers: [agentOf(2)] })
    const bench = new DeskBench(forecaster)
    const id = bench.askQuestion()
    bench.show('2', id, first)
    bench.world.block()
    await bench.answered()
    assert.equal(seen.length, 0)
    bench.seal('2', id, first)
    await bench.answered()
    assert.deepEqual(
      seen[0]?.signals.map(({ statement }) => statement),
      [first],
    )
  })

  it('is put to it at the margin before it closes, with what is there, once', async () => {
    const { forecaster, seen } = listener()
    const bench = new DeskBench(forecaster)
    const id = bench.askQuestion()
    const atHeight = bench.world.question(id).openHeight + 7 - MARGIN_HEIGHTS
    bench.seal('3', id, second)
    bench.show('3', id, second)
    bench.world.advanceTo(atHeight - 1)
    await bench.answered()
    assert.equal(seen.length, 0)
    bench.world.block()
    await bench.answered()
    assert.deepEqual(
      seen[0]?.signals.map(({ statement }) => statement),
      [second],
    )
    bench.world.advanceToStage(id, 'revealing')
    await bench.answered()
    assert.equal(seen.length, 1)
  })

  it('is put at once to an agent that has no suppliers', async () => {
    const { forecaster, seen } = listener({ suppliers: [] })
    const bench = new DeskBench(forecaster)
    bench.askQuestion()
    await bench.answered()
    assert.equal(seen.length, 1)
  })

  it('takes nothing from who is no supplier, or shows something else than it sealed', async () => {
    const { forecaster, seen } = listener()
    const bench = new DeskBench(forecaster)
    const id = bench.askQuestion()
    bench.seal('4', id, first)
    bench.seal('2', id, first)
    bench.seal('3', id, first)
    bench.show('4', id, first)
    bench.show('2', id, second)
    bench.show('3', id, first, '2')
    bench.world.advanceToStage(id, 'revealing')
    await bench.answered()
    assert.deepEqual(
      seen.map(({ signals }) => signals),
      [[]],
    )
  })

  it('asks a supplier that comes for what it says, and nobody else', () => {
    const bench = new DeskBench(madeForecaster())
    for (const name of ['2', '4']) bench.desk.onPeer(agentOf(name))
    assert.deepEqual(bench.sent, [{ to: '2', frame: { kind: 'subscribe' } }])
  })

  it('is put to an agent whose node came after it was asked, with no block from before', async () => {
    const { forecaster, seen } = listener({ suppliers: [] })
    const founder = new DeskBench(madeForecaster())
    const id = founder.openQuestion()
    const newcomer = new DeskBench(forecaster, founder.world, createMemoryStore())
    newcomer.put(id)
    await newcomer.answered()
    assert.deepEqual(
      seen.map(({ question }) => [question.id, question.outcomes]),
      [[id, ['first', 'second']]],
    )
  })

  it('is answered at once by an agent that need not think', () => {
    const { forecaster } = listener({ suppliers: [] })
    const bench = new DeskBench(forecaster)
    const question = bench.askQuestion()
    assert.deepEqual(bench.commands, [{ kind: 'state', question, snapshot: 0, statement: first }])
  })

  it('takes no answer after the desk is closed', async () => {
    const bench = new DeskBench(madeForecaster({ suppliers: [], forecast: async () => first }))
    bench.askQuestion()
    bench.desk.close()
    await bench.answered()
    assert.deepEqual(bench.commands, [])
  })
})

describe('a fault of the agent', () => {
  const broken = (): never => {
    throw new RangeError('out of ideas')
  }

  it('sends nothing, and the operator is told', async () => {
    const bench = new DeskBench(madeForecaster({ suppliers: [], forecast: broken }))
    const question = bench.askQuestion()
    await bench.answered()
    assert.deepEqual(bench.commands, [])
    assert.deepEqual(bench.faults, [{ code: 'agent-failed', question, sentence: 'out of ideas' }])
  })

  it('is to be late, too', async () => {
    const { promise, resolve } = Promise.withResolvers<Statement>()
    const bench = new DeskBench(madeForecaster({ suppliers: [], forecast: () => promise }))
    bench.askQuestion()
    bench.clock.advance(TIMEOUT_MS)
    await bench.answered()
    resolve(first)
    await bench.answered()
    assert.deepEqual(
      bench.faults.map(({ code }) => code),
      ['agent-late'],
    )
    assert.deepEqual(bench.commands, [])
  })

  it('is to be so late that the window is over', async () => {
    const { promise, resolve } = Promise.withResolvers<Statement>()
    const bench = new DeskBench(madeForecaster({ suppliers: [], forecast: () => promise }))
    const id = bench.askQuestion()
    bench.world.advanceTo(bench.world.question(id).openHeight + 7)
    resolve(first)
    await bench.answered()
    assert.deepEqual(
      bench.faults.map(({ code }) => code),
      ['agent-late'],
    )
    assert.deepEqual(bench.commands, [])
  })

  it('is to say what no ledger takes', async () => {
    const longest = { ...first, reasoning: 'x'.repeat(1_024) }
    for (const [statement, codes] of [
      [longest, []],
      [{ ...first, reasoning: 'x'.repeat(1_025) }, ['agent-out-of-range']],
      [{ ...first, report: [0.5, 0.5] }, ['agent-out-of-range']],
      [{ ...first, report: [5_000, 4_999] }, ['agent-out-of-range']],
      [{ ...first, report: [4_000, 3_000, 3_000] }, ['agent-out-of-range']],
      [{ ...first, report: [10_000, 0] }, ['agent-out-of-range']],
    ] as const) {
      const bench = new DeskBench(madeForecaster({ suppliers: [], forecast: () => statement }))
      bench.askQuestion()
      await bench.answered()
      assert.deepEqual(
        bench.faults.map(({ code }) => code),
        codes,
      )
      assert.equal(bench.commands.length, 1 - codes.length)
    }
  })

  it('does not stop the node where it learns, chooses or serves', () => {
    const given = { learn: broken, chooseStreams: broken, serves: broken }
    const bench = new DeskBench(madeForecaster(given))
    bench.subscribe('4')
    bench.desk.sealed(bench.sealed(bench.openQuestion(), first))
    bench.world.playQuestion({ '2': 8_000 })
    assert.deepEqual(
      bench.faults.map(({ code }) => code),
      Array.from({ length: bench.faults.length }, () => 'agent-failed'),
    )
    assert.ok(bench.faults.length >= 3)
    assert.deepEqual([bench.sent, bench.commands], [[], []])
    assert.ok(bench.restart(madeForecaster(given)).faults.length > 0, 'nor where it starts again')
  })
})

describe('what is settled', () => {
  it('is shown to the agent with all that was opened, and again after a restart', () => {
    const learned: SettledQuestion[] = []
    const bench = new DeskBench(madeForecaster({ learn: (settled) => learned.push(settled) }))
    const id = bench.world.playQuestion({ '2': 8_000, '3': 3_000, '4': null })
    assert.deepEqual(
      learned.map(({ question, outcome, signals }) => [
        question.id,
        outcome,
        signals.map(({ author, statement }) => [author, statement]),
      ]),
      [
        [
          id,
          0,
          [
            [agentOf(2), reporting(8_000)],
            [agentOf(3), reporting(3_000)],
          ],
        ],
      ],
    )
    const again: SettledQuestion[] = []
    bench.restart(madeForecaster({ learn: (settled) => again.push(settled) }))
    assert.deepEqual(again, learned)
  })

  it('leads to the same next statement after a restart', async () => {
    const bench = new DeskBench(pooling())
    for (const said of [8_000, 7_000, 9_000]) bench.world.playQuestion({ '2': said, '3': 4_000 })
    const restarted = bench.restart(pooling())
    const id = bench.openQuestion()
    bench.seal('2', id, first)
    bench.seal('3', id, second)
    for (const one of [bench, restarted]) {
      one.show('2', id, first)
      one.show('3', id, second)
      one.put(id)
    }
    await bench.answered()
    const [before, after] = [bench, restarted].map(({ commands }) =>
      commands.findLast(({ kind }) => kind === 'state'),
    )
    assert.ok(before?.kind === 'state' && before.statement !== null)
    assert.deepEqual(after, before)
    assert.notDeepEqual(before.statement.report, [5_000, 5_000], 'it has learned something')
  })
})

function pooling(): Forecaster {
  const prosociality = prosocialityOfLambda(0)
  assert.ok(prosociality.ok)
  return createPoolingForecaster({
    agent: agentOf(ME),
    suppliers: [agentOf(2), agentOf(3)],
    prosociality: prosociality.value,
  })
}
