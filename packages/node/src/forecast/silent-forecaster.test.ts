import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createGenesis, reporting } from '@commonweal/protocol/testing'
import { DeskBench, madeForecaster } from './desk-bench.ts'
import { forecasterOf, silentForecaster } from './silent-forecaster.ts'

describe('a node whose agent does not forecast', () => {
  it('judges by what others said, states nothing and serves nobody', () => {
    const bench = new DeskBench(silentForecaster)
    const question = bench.askQuestion()
    bench.subscribe('3')
    bench.seal('2', question, reporting(3_000))
    bench.world.advanceToStage(question, 'revealing')
    bench.world.block(['2', bench.world.openStatement('2', question, reporting(3_000))])
    bench.desk.askVerdict({ kind: 'ask-verdict', question, round: 1 })
    assert.deepEqual(bench.commands, [{ kind: 'judge', question, round: 1, outcome: 1 }])
    assert.deepEqual([bench.sent, bench.faults], [[], []])
  })

  it('has such a part in every market, and none where there is none', () => {
    const { forecast } = createGenesis([])
    assert.equal(forecast, null)
    assert.equal(forecasterOf({}, { forecast }), null)
    const market = new DeskBench(silentForecaster).world.context.genesis
    assert.equal(forecasterOf({}, market), silentForecaster)
    const forecaster = madeForecaster()
    assert.equal(forecasterOf({ forecaster }, market), forecaster)
  })
})
