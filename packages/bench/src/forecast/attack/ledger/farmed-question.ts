import type { Cid } from '@commonweal/protocol'
import { type ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { type Holding, holdingOf, type LedgerAttack, remember } from './ledger-gain.ts'
import { createMarket, outcomeIs, settle } from './market.ts'
import { drawSituations, type Situation } from './situation.ts'

const FARMER = '5'
const OTHERS = ['0', '1', '2', '3', '4'] as const
/** Late enough for ten questions of a stranger's to be asked and admitted before. */
const OPEN_HEIGHT = 36

export interface Farm {
  readonly name: string
  readonly questionCount: number
  /** Of each question, beside 1 of the network's own. */
  readonly weight: number
  /** Validators of six that admit, the farmer being one of them. */
  readonly admitting: readonly string[]
  /** Whether the others say what they believe about a question that was admitted. */
  readonly othersForecast: boolean
}

/** Asks questions whose answers it knows, beside one of the network's. */
export function farmedQuestions(farm: Farm): LedgerAttack {
  return {
    name: farm.name,
    play: (seed) => ({ made: heldIn(playFarm(seed, farm)), honest: playHonest(seed) }),
  }
}

const EVERYBODY: readonly string[] = [...OTHERS, FARMER]

export const farms: readonly Farm[] = [
  {
    name: 'farmer: ten questions that nobody admits',
    questionCount: 10,
    weight: 1_000,
    admitting: [FARMER],
    othersForecast: false,
  },
  {
    name: 'farmer: one that all were talked into, all forecast',
    questionCount: 1,
    weight: 1,
    admitting: EVERYBODY,
    othersForecast: true,
  },
  {
    name: 'farmer: the same, of weight 1000',
    questionCount: 1,
    weight: 1_000,
    admitting: EVERYBODY,
    othersForecast: true,
  },
  {
    name: 'farmer: the same, and nobody else forecasts it',
    questionCount: 1,
    weight: 1_000,
    admitting: EVERYBODY,
    othersForecast: false,
  },
]

const HONEST: Farm = {
  name: 'honest',
  questionCount: 0,
  weight: 1,
  admitting: [],
  othersForecast: false,
}

const playHonest: (seed: string) => Holding = remember((seed) => heldIn(playFarm(seed, HONEST)))

function playFarm(seed: string, farm: Farm): ForecastWorld {
  const world = createMarket()
  const asked = askAll(world, seed, farm)
  const own = asked.filter(({ isOwn }) => isOwn)
  for (const name of farm.admitting) {
    world.block(...own.map(({ id }) => [name, { kind: 'admit', question: id }] as const))
  }
  world.advanceTo(OPEN_HEIGHT - 1)
  const open = asked.filter(
    ({ id }) => world.hasQuestion(id) && world.question(id).stage.at === 'open',
  )
  forecastAll(world, open, farm)
  world.block(...open.map(({ id }) => ['0', world.resolution(id)] as const))
  for (const { id } of asked) settle(world, id)
  return world
}

interface Asked {
  readonly id: Cid
  readonly situation: Situation
  readonly isOwn: boolean
}

/** The network's question comes first. */
function askAll(world: ForecastWorld, seed: string, farm: Farm): readonly Asked[] {
  const questionCount = 1 + farm.questionCount
  return drawSituations(seed, { names: OTHERS, questionCount }).map((situation, index) => {
    const isOwn = index > 0
    const given = { ...outcomeIs(situation.outcome), openHeight: OPEN_HEIGHT }
    const id = world.ask(isOwn ? FARMER : '0', { ...given, weight: isOwn ? farm.weight : 1 })
    return { id, situation, isOwn }
  })
}

/** Seals and opens everything, and goes on until it can be resolved. */
function forecastAll(world: ForecastWorld, asked: readonly Asked[], farm: Farm): void {
  const said = asked.flatMap(({ id, situation, isOwn }) =>
    saidOf(situation, isOwn, farm.othersForecast).map(([name, bps]) => ({ id, name, bps })),
  )
  world.block(
    ...said.map(
      ({ id, name, bps }) => [name, world.sealStatement(name, id, reporting(bps))] as const,
    ),
  )
  for (const { id } of asked) world.advanceToStage(id, 'revealing')
  world.block(
    ...said.map(
      ({ id, name, bps }) => [name, world.openStatement(name, id, reporting(bps))] as const,
    ),
  )
  for (const { id } of asked) {
    world.advanceToStage(id, 'waiting')
    world.advanceTo(world.question(id).resolveHeight - 1)
  }
}

function saidOf(
  { outcome, beliefBps, others }: Situation,
  isOwn: boolean,
  othersForecast: boolean,
): readonly (readonly [name: string, bps: number])[] {
  if (!isOwn) return [...Object.entries(others), [FARMER, beliefBps]]
  const known = [FARMER, outcome === 0 ? 9_900 : 100] as const
  return othersForecast ? [...Object.entries(others), known] : [known]
}

function heldIn(world: ForecastWorld): Holding {
  return holdingOf(world, [FARMER], OTHERS)
}
