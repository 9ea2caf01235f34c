import type { ForecastWorld } from '@commonweal/protocol/testing'
import { type Holding, holdingOf, type LedgerAttack } from './ledger-gain.ts'
import { createMarket, LOCK_MICRO, playLateOpening, sumMicro } from './market.ts'
import { drawSituations, type Situation } from './situation.ts'

const MINE = ['4', '5'] as const
const OTHERS = ['0', '1', '2', '3'] as const
const QUESTION_COUNT = 4

/** When a name is withdrawn, and what it says. */
export interface Reopening {
  readonly name: string
  /** A name that has this part of its lock left, or less, is closed and opened again as large as it was. */
  readonly below: number
  /** Whether a name that is ahead goes on at its extreme, or says what it believes. */
  readonly aheadSays: 'extreme' | 'belief'
}

export const reopenings: readonly Reopening[] = [
  { name: 'reopens after any loss', below: 1, aheadSays: 'extreme' },
  { name: 'reopens after any loss, honest when ahead', below: 1, aheadSays: 'belief' },
  { name: 'reopens when a third is lost, honest when ahead', below: 2 / 3, aheadSays: 'belief' },
]

/**
 * Two names at opposite extremes; who has lost enough is closed and opened again with fresh tokens. The honest twin locks as many
 * tokens at the same times.
 */
export function reopenedLock(reopening: Reopening): LedgerAttack {
  return {
    name: reopening.name,
    play(seed) {
      const situations = drawSituations(seed, { names: OTHERS, questionCount: QUESTION_COUNT })
      const attacked = playAttack(situations, reopening)
      const honest = playHonest(situations, attacked.addedMicro)
      return { made: heldInTheEnd(attacked.world), honest: heldInTheEnd(honest) }
    },
  }
}

interface Attacked {
  readonly world: ForecastWorld
  /** What went into locks after each question. */
  readonly addedMicro: readonly bigint[]
}

function playAttack(situations: readonly Situation[], reopening: Reopening): Attacked {
  const world = createMarket()
  const addedMicro = situations.map(({ outcome, others, beliefBps }) => {
    const saidBy = (name: string, extremeBps: number): number => {
      const { lockedMicro, weightMicro } = world.lock(name)
      return reopening.aheadSays === 'belief' && weightMicro > lockedMicro ? beliefBps : extremeBps
    }
    const mine = { [MINE[0]]: saidBy(MINE[0], 100), [MINE[1]]: saidBy(MINE[1], 9_900) }
    playLateOpening(world, { outcome, others, mine, opens: () => true })
    return sumMicro(MINE.map((name) => reopen(world, name, reopening.below)))
  })
  return { world, addedMicro }
}

/** Returns what had to be added. */
function reopen(world: ForecastWorld, name: string, below: number): bigint {
  const { lockedMicro, weightMicro } = world.lock(name)
  const hasLost = weightMicro < lockedMicro
  if (!hasLost || Number(weightMicro) > below * Number(lockedMicro)) return 0n
  world.block([name, { kind: 'close-lock' }], [name, { kind: 'lock', amountMicro: LOCK_MICRO }])
  return LOCK_MICRO - weightMicro
}

function playHonest(
  situations: readonly Situation[],
  addedMicro: readonly bigint[],
): ForecastWorld {
  const world = createMarket()
  for (const [index, { outcome, others, beliefBps }] of situations.entries()) {
    const mine = { [MINE[0]]: beliefBps, [MINE[1]]: beliefBps }
    playLateOpening(world, { outcome, others, mine, opens: () => true })
    const amountMicro = addedMicro[index] ?? 0n
    if (amountMicro > 0n) world.act(MINE[0], { kind: 'lock', amountMicro })
  }
  return world
}

/** When all that was closed is paid out. */
function heldInTheEnd(world: ForecastWorld): Holding {
  for (let epoch = 0; epoch < 4; epoch += 1) world.endEpoch()
  return holdingOf(world, MINE, OTHERS)
}
