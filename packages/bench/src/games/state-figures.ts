import {
  type GameLanguage,
  type GameParams,
  gameParamsSchema,
  type Law,
} from '@commonweal/protocol'
import { computeBestWelfare, type Setting, type Weight, weight } from './equilibrium.ts'
import { enact, fineLaw, forceBase, type Mechanism, NO_CONTRACT } from './mechanism.ts'
import { add, compare, type Rational, rational, subtract, ZERO } from './rational.ts'
import { computeFirstBest, type StageGame, stageGamesOf } from './stage-game.ts'
import { computeLambdaThreshold } from './threshold.ts'

/** A game with a hidden state: all seats see ω, contracts do not. */
export interface StateGame {
  readonly seatCount: number
  readonly costs: readonly [inState0: number, inState1: number]
  /** What acting in state 1 brings each other seat. */
  readonly benefit: number
  readonly chancePercent: number
}

/** The smallest instance. */
export const smallestStateGame: StateGame = {
  seatCount: 2,
  costs: [1, 2],
  benefit: 5,
  chancePercent: 50,
}
/** The knife edge: acting costs the same in both states. */
export const equalCostsGame: StateGame = { ...smallestStateGame, costs: [1, 1], benefit: 3 }

export const STATE_UNIT_MICRO = 1_000_000

/** Expected welfare, exactly. */
export interface StateFigures {
  /** x = ω. */
  readonly firstBest: Rational
  /** The best that any contract of `own-action` reaches, and what it misses. */
  readonly bestContract: Rational
  readonly gap: Rational
  readonly threshold: Rational | null
  /** Everybody at λ*, without a contract, and under a law that forces x = 1. */
  readonly prosocial: Rational
  readonly prosocialForced: Rational
  /** Controls: a fine on x₁ ≠ x₂ (`base-actions`), a fine on x ≠ ω (`full`); selfish seats. */
  readonly mismatchFine: Rational
  readonly stateSeen: Rational
}

export function measureState(game: StateGame): StateFigures {
  const stages = stagesOf(game, 'own-action')
  const firstBest = stages.reduce<Rational>(
    (expected, stage) =>
      add(expected, rational(computeFirstBest(stage).welfare * stage.chancePercent, 100)),
    ZERO,
  )
  const threshold = computeLambdaThreshold(stages)
  const enough =
    threshold === null
      ? weight(1, 0)
      : weight(Number(threshold.numerator), Number(threshold.denominator))
  const bestContract = computeBestOwnAction(game)
  return {
    firstBest,
    bestContract,
    gap: subtract(firstBest, bestContract),
    threshold,
    prosocial: welfareUnder(stages, NO_CONTRACT, enough),
    prosocialForced: welfareUnder(stages, forceBase(1), enough),
    mismatchFine: welfareUnderLaw(game, 'base-actions', MISMATCH_FINE),
    stateSeen: welfareUnderLaw(game, 'full', STATE_FINE),
  }
}

const MISMATCH_FINE: Law = fineLaw('bases.exists(b, b != base)', String(3 * STATE_UNIT_MICRO))
const STATE_FINE: Law = fineLaw('base != state', String(3 * STATE_UNIT_MICRO), 'settlement')

/** Expected welfare of selfish seats under a fine on x = 0, in micro-tokens. */
export function measureFine(game: StateGame, fineMicro: number): Rational {
  return welfareUnderLaw(game, 'own-action', fineLaw('base == 0', String(fineMicro)))
}

/** The rounds that the game may have. */
export function stagesOf(game: StateGame, language: GameLanguage): readonly StageGame[] {
  return stageGamesOf(paramsOf(game, language), game.seatCount)
}

function welfareUnderLaw(game: StateGame, language: GameLanguage, law: Law): Rational {
  const stages = stagesOf(game, language)
  return welfareUnder(stages, enact(stages, law, language), weight(0))
}

/** At the best pure equilibrium of each state. */
function welfareUnder(
  stages: readonly StageGame[],
  mechanism: Mechanism,
  everybody: Weight,
): Rational {
  const seatCount = stages[0]?.seatCount ?? 0
  const weights = Array.from({ length: seatCount }, () => everybody)
  const setting: Setting = { weights, mechanism }
  const welfare = computeBestWelfare(stages, setting)
  if (welfare === undefined) throw new RangeError(`${mechanism.name} leaves no pure equilibrium`)
  return welfare
}

/**
 * The best contract of `own-action`, exactly: what such a contract does to a seat is to raise the price of x = 0 against x = 1
 * by one number, and the seat's choice changes only where that number is a cost. So one number on each of them, and one between, are
 * all there is to try, for each seat alone.
 */
function computeBestOwnAction(game: StateGame): Rational {
  const fines = fineCandidates(game)
  const perSeat = Array.from({ length: game.seatCount }, () => fines)
  const stages = stagesOf(game, 'own-action')
  let best: Rational | undefined
  for (const chosen of combine(perSeat)) {
    const law = fineLaw('base == 0', `[${chosen.join(', ')}][self]`)
    const welfare = welfareUnder(stages, enact(stages, law, 'fines on x = 0'), weight(0))
    if (best === undefined || compare(welfare, best) > 0) best = welfare
  }
  return best ?? ZERO
}

function fineCandidates({ costs }: StateGame): readonly number[] {
  const marks = [...new Set([0, ...costs])].toSorted((a, b) => a - b)
  const last = marks.at(-1) ?? 0
  return [...marks, last + 1].flatMap((mark, index, all) => {
    const before = all[index - 1]
    const between = before === undefined ? [] : [(before + mark) / 2]
    return [...between, mark].map((fine) => fine * STATE_UNIT_MICRO)
  })
}

function combine(lists: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return lists.reduce<readonly (readonly number[])[]>(
    (before, list) => before.flatMap((chosen) => list.map((item) => [...chosen, item])),
    [[]],
  )
}

function paramsOf(
  { costs, benefit, chancePercent }: StateGame,
  language: GameLanguage,
): GameParams {
  return gameParamsSchema.parse({
    game: { form: 'hidden-state', costs, benefit, chancePercent },
    language,
    unitMicro: STATE_UNIT_MICRO,
  })
}
