import { present } from '@commonweal/protocol'
import { type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { type Holding, holdingOf, type LedgerAttack, remember } from './ledger-gain.ts'
import { createMarket, outcomeIs, playLateOpening, settle } from './market.ts'
import { drawSituation, type Situation } from './situation.ts'

const COPIER = '5'
const EXPERT = '1'
const OTHERS = ['0', EXPERT, '2', '3', '4'] as const

/** Sends the expert's seal as its own, or waits for it to be opened; then tries to say the same. */
export function copiedStatement(way: 'seal of another' | 'waits for others'): LedgerAttack {
  return {
    name:
      way === 'waits for others' ? 'copier waits until others open' : 'copier sends another’s seal',
    play: (seed) => ({ made: heldIn(playCopy(seed, way)), honest: playHonest(seed) }),
  }
}

function playCopy(seed: string, way: 'seal of another' | 'waits for others'): ForecastWorld {
  const { outcome, others } = situationOf(seed)
  const world = createMarket()
  const id = world.ask('0', outcomeIs(outcome))
  world.advanceTo(world.question(id).openHeight - 1)
  const seals = Object.entries(others).map(
    ([name, bps]) => [name, world.sealStatement(name, id, reporting(bps))] as const,
  )
  world.block(...seals)
  const expert = reporting(present(others[EXPERT], 'the expert says something'))
  if (way === 'seal of another') world.act(COPIER, world.sealStatement(EXPERT, id, expert))
  world.advanceToStage(id, 'revealing')
  world.block(
    ...Object.entries(others).map(
      ([name, bps]) => [name, world.openStatement(name, id, reporting(bps))] as const,
    ),
  )
  world.act(
    COPIER,
    way === 'seal of another'
      ? world.openStatement(EXPERT, id, expert)
      : world.sealStatement(COPIER, id, expert),
  )
  world.advanceToStage(id, 'waiting')
  world.advanceTo(world.question(id).resolveHeight - 1)
  world.act('0', world.resolution(id))
  settle(world, id)
  return world
}

const playHonest: (seed: string) => Holding = remember((seed) => {
  const { outcome, others, beliefBps } = situationOf(seed)
  const world = createMarket()
  playLateOpening(world, { outcome, others, mine: { [COPIER]: beliefBps }, opens: () => true })
  return heldIn(world)
})

function situationOf(seed: string): Situation {
  return drawSituation(seed, { names: OTHERS })
}

function heldIn(world: ForecastWorld): Holding {
  return holdingOf(world, [COPIER], OTHERS)
}
