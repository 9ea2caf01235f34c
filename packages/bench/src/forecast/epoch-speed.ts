import { type Cid, executeBlock, invariant, present } from '@commonweal/protocol'
import { ForecastWorld, reporting } from '@commonweal/protocol/testing'
import { Random } from '../simulator/engine/random.ts'
import { leastTimeMs } from './speed.ts'

/** The last block of an epoch in which some questions became final: they are scored and paid, and their pay flows. */
export interface EpochSpeed {
  readonly agentCount: number
  readonly questionCount: number
  readonly settleMs: number
}

/** So many acts go into one block of the preparation. */
const ACTS_PER_BLOCK = 400

/** Everybody reports on every question, with one snapshot each. Blocks are pure, so the last one is executed again and again. */
export function measureEpochSpeed(agentCount: number, questionCount: number): EpochSpeed {
  const world = createLastBlock(agentCount, questionCount)
  const settleMs = leastTimeMs(() => {
    const executed = executeBlock(world.context, world.ledger, [])
    invariant(executed.ok, 'an empty block is valid')
    const settled = executed.value.events.filter(({ kind }) => kind === 'question-settled')
    invariant(settled.length === questionCount, 'the block settles all questions')
  })
  return { agentCount, questionCount, settleMs }
}

/** A ledger one block before the end of the epoch. */
function createLastBlock(agentCount: number, questionCount: number): ForecastWorld {
  const world = new ForecastWorld({
    agents: agentCount,
    feeMicro: 2_000n,
    locksMicro: Array.from({ length: agentCount }, () => 100_000_000n),
    forecast: { schedule: { epochMicro: 100_000_000n, halvingEpochs: 1_000 } },
  })
  const random = new Random('epoch', 'reports')
  const openHeight = questionCount + 2
  // Long enough for all seals.
  const closeHeight = openHeight + Math.ceil((agentCount * questionCount) / ACTS_PER_BLOCK) + 10
  const asked = Array.from({ length: questionCount }, () =>
    world.ask(0, {
      openHeight,
      snapshots: [{ closeHeight, weightBps: 10_000 }],
      resolveHeight: closeHeight + 1,
    }),
  )
  const said = asked.flatMap((id) =>
    Array.from({ length: agentCount }, (_, name) => ({
      id,
      name,
      bps: random.between(100, 9_900),
    })),
  )
  world.advanceTo(openHeight - 1)
  inBlocks(said, (some) =>
    world.block(
      ...some.map(
        ({ id, name, bps }) => [name, world.sealStatement(name, id, reporting(bps))] as const,
      ),
    ),
  )
  for (const id of asked) world.advanceToStage(id, 'revealing')
  inBlocks(said, (some) =>
    world.block(
      ...some.map(
        ({ id, name, bps }) => [name, world.openStatement(name, id, reporting(bps))] as const,
      ),
    ),
  )
  resolveAll(world, asked)
  return world
}

function resolveAll(world: ForecastWorld, asked: readonly Cid[]): void {
  const id = present(asked[0], 'there are questions')
  world.advanceToStage(id, 'waiting')
  world.advanceTo(world.question(id).resolveHeight - 1)
  world.block(...asked.map((one) => [0, world.resolution(one)] as const))
  for (;;) {
    const before = world.ledger
    world.block()
    if (world.hasQuestion(id)) continue
    world.ledger = before
    return
  }
}

function inBlocks<T>(items: readonly T[], act: (some: readonly T[]) => void): void {
  for (let from = 0; from < items.length; from += ACTS_PER_BLOCK) {
    act(items.slice(from, from + ACTS_PER_BLOCK))
  }
}
