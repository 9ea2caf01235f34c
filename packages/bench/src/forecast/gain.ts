import { bootstrapMean, type Interval } from '../statistics/bootstrap.ts'
import { type PlayPlan, type PlayResult, play, type Rules, type Strategy } from './play.ts'
import { createWorld } from './world.ts'

/** An attack: a strategy, and the one that it is compared with in the same world with the same stake. */
export interface Attack {
  readonly name: string
  readonly strategy: Strategy
  readonly against: Strategy
  /** Part of the forecasters' stake. */
  readonly share: number
  /** Coins that the attacker sees before each snapshot; the others see three. */
  readonly coins: number
  /** How many there are of it, each with coins of its own; one unless given. */
  readonly memberCount?: number
  readonly rules?: Rules
}

export interface Gain {
  readonly name: string
  /** Forecasting weight at the end, beyond that of the strategy compared with, as a part of the stake. */
  readonly weight: Interval
  /** Emission paid, beyond that of the strategy compared with, as a part of what that was paid. */
  readonly pay: Interval
  /** By how much the stake grew, on average over the worlds. */
  readonly growth: number
  /** The attacker's part of all emission that was paid. */
  readonly payShare: number
}

export interface GainOptions {
  readonly seed: string
  readonly worldCount: number
  readonly questionCount: number
}

/** Snapshots of every question of a measurement. */
export const SNAPSHOT_COUNT = 3
/** Those who report what they believe, and the coins that each of them sees before a snapshot. */
export const OTHER_COUNT = 12
export const OTHER_COINS = 3

/** Reports what it believes, under one name. */
export const honest: Strategy = { nameCount: 1, report: ({ belief }) => [belief] }

/** The mean gain of an attack over seeded worlds, with a bootstrap interval over worlds. */
export function measureGain(attack: Attack, options: GainOptions): Gain {
  const { memberCount = 1, share, rules = {} } = attack
  const runs = Array.from({ length: options.worldCount }, (_, index) => {
    const world = createWorld({
      seed: `${options.seed}/${index}`,
      questionCount: options.questionCount,
      snapshotCount: SNAPSHOT_COUNT,
      coinsPerSnapshot: [
        ...Array<number>(memberCount).fill(attack.coins),
        ...Array<number>(OTHER_COUNT).fill(OTHER_COINS),
      ],
    })
    const plan: PlayPlan = { world, memberCount, share, rules }
    return { made: play(attack.strategy, plan), other: play(attack.against, plan) }
  })
  const label = `${options.seed}/${attack.name}`
  const mean = (of: (made: PlayResult) => number): number =>
    runs.reduce((sum, { made }) => sum + of(made), 0) / runs.length
  return {
    name: attack.name,
    weight: bootstrapMean(
      runs.map(({ made, other }) => ratio(made.weightMicro - other.weightMicro, other.startMicro)),
      `${label}/weight`,
    ),
    pay: bootstrapMean(
      runs.map(({ made, other }) => ratio(made.paidMicro - other.paidMicro, other.paidMicro)),
      `${label}/pay`,
    ),
    growth: mean(({ weightMicro, startMicro }) => ratio(weightMicro, startMicro)),
    payShare: mean(({ paidMicro, paidAllMicro }) => ratio(paidMicro, paidAllMicro)),
  }
}

function ratio(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number(part) / Number(whole)
}
