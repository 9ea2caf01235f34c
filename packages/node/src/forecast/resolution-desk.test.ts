import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Cid, Command, ForecastBody, Receipt } from '@commonweal/protocol'
import { agentOf, ForecastWorld } from '@commonweal/protocol/testing'
import type { Witness } from '../agent/forecast/forecaster.ts'
import type { LogPort } from '../ports.ts'
import { ResolutionDesk } from './resolution-desk.ts'

const SILENT: LogPort = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const BOND_MICRO = 50_000_000n
const [TRUTH, LIE] = [0, 1]

interface Side {
  readonly name: string
  readonly desk: ResolutionDesk
  readonly wanted: ForecastBody[]
  readonly faults: unknown[]
}

/** A market whose question waits for who answers it, from the next block on. */
function createWaiting() {
  const world = new ForecastWorld({ agents: 8 })
  const id = world.ask(0, { resolver: { kind: 'schelling' } })
  world.advanceToStage(id, 'waiting')
  world.advanceTo(world.question(id).resolveHeight - 1)
  return { world, id }
}

function createSide(world: ForecastWorld, name: string, witness: Witness): Side {
  const wanted: ForecastBody[] = []
  const faults: unknown[] = []
  const desk = new ResolutionDesk({
    witness,
    agent: agentOf(name),
    bondMicro: BOND_MICRO,
    ledger: () => world.ledger,
    log: SILENT,
    onCommand: (command: Command) => {
      assert.ok(command.kind === 'submit')
      wanted.push(command.body as ForecastBody)
    },
    onFault: (error) => void faults.push(error),
  })
  return { name, desk, wanted, faults }
}

const sees = (outcome: number | null, patienceHeights = 0): Witness => ({
  patienceHeights,
  saw: () => outcome,
})

/** Lets every side look at the ledger, and puts what they want into the next block. */
function play(world: ForecastWorld, sides: readonly Side[]): readonly Receipt['code'][] {
  for (const { desk } of sides) desk.act()
  const acts = sides.flatMap(({ name, wanted }) =>
    wanted.splice(0).map((body) => [name, body] as const),
  )
  return world.block(...acts).map(({ code }) => code)
}

function stageOf(world: ForecastWorld, id: Cid): string {
  return world.question(id).stage.at
}

describe('who has seen what came true', () => {
  it('asserts it once, where nobody has', () => {
    const { world, id } = createWaiting()
    const side = createSide(world, '1', sees(TRUTH))
    assert.deepEqual(play(world, [side]), ['ok'])
    assert.equal(stageOf(world, id), 'asserted')
    assert.deepEqual(play(world, [side]), [])
    while (world.hasQuestion(id)) assert.deepEqual(play(world, [side]), [])
    assert.equal(world.lastEvent('outcome-asserted').agent, agentOf('1'))
    assert.equal(world.lastEvent('question-settled').outcome, TRUTH)
  })

  it('leaves it to others for as long as it is patient', () => {
    const { world, id } = createWaiting()
    const side = createSide(world, '1', sees(TRUTH, 3))
    for (let waited = 0; waited < 3; waited += 1) assert.deepEqual(play(world, [side]), [])
    assert.deepEqual(play(world, [side]), ['ok'])
    assert.equal(stageOf(world, id), 'asserted')
  })

  it('disputes what is false, also where its own assertion came too late', () => {
    const { world, id } = createWaiting()
    const liar = createSide(world, '1', sees(LIE))
    const honest = createSide(world, '2', sees(TRUTH))
    assert.deepEqual(play(world, [liar, honest]), ['ok', 'wrong-stage'])
    assert.deepEqual(play(world, [liar, honest]), ['ok'])
    assert.equal(stageOf(world, id), 'disputed')
    const { agent, outcome } = world.lastEvent('outcome-disputed')
    assert.deepEqual([agent, outcome], [agentOf('2'), TRUTH])
  })

  it('lets stand what it has seen itself, and what it has not seen', () => {
    for (const saw of [TRUTH, null]) {
      const { world, id } = createWaiting()
      const first = createSide(world, '1', sees(TRUTH))
      const second = createSide(world, '2', sees(saw, 5))
      play(world, [first, second])
      assert.deepEqual(play(world, [first, second]), [])
      assert.equal(stageOf(world, id), 'asserted')
    }
  })

  it('does not dispute its own word, whatever it sees later', () => {
    const { world, id } = createWaiting()
    let seen = TRUTH
    const side = createSide(world, '1', { patienceHeights: 0, saw: () => seen })
    assert.deepEqual(play(world, [side]), ['ok'])
    seen = LIE
    assert.deepEqual(play(world, [side]), [])
    assert.equal(stageOf(world, id), 'asserted')
  })

  it('sends again what is in no block after a while', () => {
    const { world } = createWaiting()
    const { desk, wanted } = createSide(world, '1', sees(TRUTH))
    const sentAt: number[] = []
    for (let height = 0; height < 21; height += 1) {
      desk.act()
      if (wanted.splice(0).length > 0) sentAt.push(height)
      world.block()
    }
    assert.deepEqual(sentAt, [0, 20])
  })

  it('that fails, or names no outcome, sends nothing, and its node goes on', () => {
    const { world } = createWaiting()
    const torn: Witness = {
      patienceHeights: 0,
      saw: () => {
        throw new Error('torn')
      },
    }
    for (const witness of [torn, sees(2), sees(-1), sees(Number.NaN)]) {
      const side = createSide(world, '1', witness)
      assert.deepEqual(play(world, [side]), [])
      assert.equal(side.faults.length, 1)
    }
  })

  it('says nothing where a data set answers, or it cannot pay the bond', () => {
    const world = new ForecastWorld({ agents: 8 })
    const id = world.ask(0)
    world.advanceToStage(id, 'waiting')
    world.advanceTo(world.question(id).resolveHeight - 1)
    assert.deepEqual(play(world, [createSide(world, '1', sees(TRUTH))]), [])

    const { world: other } = createWaiting()
    const { balanceMicro } = other.account('1')
    const spent = {
      kind: 'transfer',
      to: agentOf('2'),
      amountMicro: balanceMicro - BOND_MICRO,
    } as const
    assert.equal(other.codeOf('1', spent), 'ok')
    const poor = createSide(other, '1', sees(TRUTH))
    for (const _ of [1, 2]) assert.deepEqual(play(other, [poor]), [])
    const given = { kind: 'transfer', to: agentOf('1'), amountMicro: BOND_MICRO } as const
    assert.equal(other.codeOf('2', given), 'ok')
    assert.deepEqual(play(other, [poor]), ['ok'], 'as soon as it can')
  })
})
