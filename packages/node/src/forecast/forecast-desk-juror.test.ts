import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { reporting } from '@commonweal/protocol/testing'
import { createMemoryStore } from '../store/memory.ts'
import { DeskBench, madeForecaster } from './desk-bench.ts'

const second = reporting(3_000)

describe('a juror', () => {
  it('has the verdict that its agent gives', async () => {
    const bench = new DeskBench(madeForecaster({ judge: () => 1 }))
    const question = bench.openQuestion()
    bench.desk.askVerdict({ kind: 'ask-verdict', question, round: 2 })
    await bench.answered()
    assert.deepEqual(bench.commands, [{ kind: 'judge', question, round: 2, outcome: 1 }])
  })

  it('follows the open statements where its agent cannot judge', async () => {
    const bench = new DeskBench(madeForecaster())
    const question = bench.openQuestion()
    bench.seal('2', question, second)
    bench.world.advanceToStage(question, 'revealing')
    bench.world.block(['2', bench.world.openStatement('2', question, second)])
    bench.desk.askVerdict({ kind: 'ask-verdict', question, round: 1 })
    await bench.answered()
    assert.deepEqual(bench.commands, [{ kind: 'judge', question, round: 1, outcome: 1 }])
  })

  it('follows what was opened before its node came, too', async () => {
    const founder = new DeskBench(madeForecaster())
    const { world } = founder
    const question = founder.openQuestion()
    for (const name of ['2', '3']) founder.seal(name, question, second)
    world.advanceToStage(question, 'revealing')
    world.block(['2', world.openStatement('2', question, second)])
    const newcomer = new DeskBench(madeForecaster(), world, createMemoryStore())
    world.block(['3', world.openStatement('3', question, second)])
    newcomer.desk.askVerdict({ kind: 'ask-verdict', question, round: 1 })
    await newcomer.answered()
    assert.deepEqual(newcomer.commands, [{ kind: 'judge', question, round: 1, outcome: 1 }])
  })

  it('is silent where its agent cannot tell, whether at once or later, and follows nobody', async () => {
    for (const judge of [() => null, async () => null]) {
      const bench = new DeskBench(madeForecaster({ judge }))
      const question = bench.openQuestion()
      bench.seal('2', question, second)
      bench.world.advanceToStage(question, 'revealing')
      bench.world.block(['2', bench.world.openStatement('2', question, second)])
      bench.desk.askVerdict({ kind: 'ask-verdict', question, round: 1 })
      await bench.answered()
      assert.deepEqual([bench.commands, bench.faults], [[], []])
    }
  })

  it('is at fault where its verdict is no outcome', async () => {
    for (const outcome of [-1, 2, 0.5, Number.NaN]) {
      const bench = new DeskBench(madeForecaster({ judge: () => outcome }))
      const question = bench.openQuestion()
      bench.desk.askVerdict({ kind: 'ask-verdict', question, round: 1 })
      await bench.answered()
      assert.deepEqual(
        [bench.commands, bench.faults.map(({ code }) => code)],
        [[], ['agent-out-of-range']],
      )
    }
  })
})
