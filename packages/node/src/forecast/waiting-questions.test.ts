import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Cid, headOf, type Statement } from '@commonweal/protocol'
import { agentOf, reporting } from '@commonweal/protocol/testing'
import type { ForecastSituation } from '../agent/forecast/forecaster.ts'
import { DeskBench, madeForecaster } from './desk-bench.ts'
import { WaitingQuestions } from './waiting-questions.ts'

const said = reporting(8_000)

/** A bench whose agent listens to agent 2, with what it was shown, and what it was shown to whom it has nothing to say. */
function listening(answer: (situation: ForecastSituation) => Statement | null = () => said) {
  const seen: (readonly Statement[])[] = []
  const forecast = (situation: ForecastSituation): Statement | null => {
    seen.push(situation.signals.map(({ statement }) => statement))
    return answer(situation)
  }
  const bench = new DeskBench(madeForecaster({ forecast, suppliers: [agentOf(2)] }))
  return { bench, seen }
}

function subscribedTo(bench: DeskBench): readonly string[] {
  return bench.sent.flatMap(({ to, frame }) => (frame.kind === 'subscribe' ? [to] : []))
}

describe('a supplier that has sealed and shown nothing', () => {
  it('is asked again once a block, and what it then shows is heard', () => {
    const { bench, seen } = listening()
    const id = bench.askQuestion()
    assert.deepEqual(subscribedTo(bench), [])
    bench.seal('2', id, said)
    assert.deepEqual(subscribedTo(bench), ['2'])
    bench.show('4', id, said)
    bench.world.block()
    assert.deepEqual(subscribedTo(bench), ['2', '2'])
    bench.show('2', id, said)
    assert.deepEqual(seen, [[said]])
  })

  it('is not waited for to the end of the window, for it may serve others only', () => {
    const { bench, seen } = listening()
    const id = bench.askQuestion()
    bench.seal('2', id, said)
    for (const _ of [1, 2]) bench.world.block()
    assert.deepEqual(seen, [])
    bench.world.block()
    assert.deepEqual(seen, [[]])
  })
})

describe('an agent that has nothing to say', () => {
  it('is asked again when a signal comes, as long as the snapshot takes seals', () => {
    const { bench, seen } = listening(({ signals }) => (signals.length === 0 ? null : said))
    const id = bench.askQuestion()
    const { openHeight } = bench.world.question(id)
    bench.world.advanceTo(openHeight + 5)
    assert.deepEqual(seen, [[]])
    bench.seal('2', id, said)
    bench.show('2', id, said)
    assert.deepEqual(seen, [[], [said]])
    assert.deepEqual(
      bench.commands.map(({ kind }) => kind),
      ['state'],
    )
  })

  it('is not asked again when the snapshot is closed, nor by the same signals', () => {
    const { bench, seen } = listening(() => null)
    const id = bench.askQuestion()
    bench.seal('2', id, said)
    bench.show('2', id, said)
    bench.show('2', id, said)
    bench.world.advanceToStage(id, 'revealing')
    bench.show('2', id, said)
    assert.deepEqual(seen, [[said]])
  })
})

describe('a question that is asked late', () => {
  const heightsWaited = (leftHeights: number, marginHeights: number): number => {
    const { world } = new DeskBench(madeForecaster())
    const waiting = new WaitingQuestions({
      suppliers: [agentOf(2)],
      inbox: { sealed: () => [] },
      ledger: () => world.ledger,
      marginHeights,
      askAgain: () => {},
    })
    const { height } = headOf(world.ledger)
    const question: Cid = world.ask(0)
    waiting.add({
      kind: 'ask-forecast',
      question,
      snapshot: 0,
      closeHeight: headOf(world.ledger).height + leftHeights,
    })
    let count = 0
    while (waiting.takeReady().length === 0) {
      world.block()
      count += 1
      assert.ok(count <= leftHeights && headOf(world.ledger).height > height)
    }
    return count
  }

  it('waits for suppliers a little in any case: who has just started must find them first', () => {
    assert.equal(heightsWaited(20, 14), 6)
    assert.equal(heightsWaited(20, 17), 4)
    assert.equal(heightsWaited(8, 8), 4)
    assert.equal(heightsWaited(5, 8), 2)
    assert.equal(heightsWaited(1, 8), 0)
  })
})
