import type { ForecastWorld } from '@commonweal/protocol/testing'
import { bootstrapMean, type Interval } from '../../../statistics/bootstrap.ts'
import { sumMicro, weightOf, worthOf } from './market.ts'

/** What came of a world, for whoever attacks in it and for all others. */
export interface Holding {
  /** Tokens, what is left of locks included, before fees. */
  readonly tokensMicro: bigint
  readonly weightMicro: bigint
  readonly feesMicro: bigint
  /** Tokens of all others. */
  readonly othersMicro: bigint
}

/** An attack on a whole ledger, block by block. */
export interface LedgerAttack {
  readonly name: string
  /** Plays it in the world of a seed, and the same stake behaving honestly there. */
  play(seed: string): { readonly made: Holding; readonly honest: Holding }
}

/** Means beyond the same stake behaving honestly, in micro-tokens and micro-units of weight. */
export interface LedgerGain {
  readonly name: string
  /** Before fees. */
  readonly tokens: Interval
  readonly weight: Interval
  readonly fees: Interval
  /** Tokens that all others have less. */
  readonly harm: Interval
}

/** The mean gain of an attack over seeded worlds, with a bootstrap interval over worlds. */
export function measureLedgerGain(
  attack: LedgerAttack,
  { seed, worldCount }: { readonly seed: string; readonly worldCount: number },
): LedgerGain {
  const runs = Array.from({ length: worldCount }, (_, index) => attack.play(`${seed}/${index}`))
  const beyond = (label: string, of: (holding: Holding) => bigint): Interval =>
    bootstrapMean(
      runs.map(({ made, honest }) => Number(of(made) - of(honest))),
      `${seed}/${attack.name}/${label}`,
    )
  return {
    name: attack.name,
    tokens: beyond('tokens', ({ tokensMicro }) => tokensMicro),
    weight: beyond('weight', ({ weightMicro }) => weightMicro),
    fees: beyond('fees', ({ feesMicro }) => feesMicro),
    harm: beyond('harm', ({ othersMicro }) => -othersMicro),
  }
}

/** What these names hold, and all others of the world. */
export function holdingOf(
  world: ForecastWorld,
  mine: readonly string[],
  others: readonly string[],
): Holding {
  const feesMicro = feesOf(world, mine)
  return {
    tokensMicro: worthOf(world, mine) + feesMicro,
    weightMicro: weightOf(world, mine),
    feesMicro,
    othersMicro: worthOf(world, others) + feesOf(world, others),
  }
}

/** Every transaction of a world offers the same fee. */
function feesOf(world: ForecastWorld, names: readonly string[]): bigint {
  return sumMicro(names.map((name) => BigInt(world.account(name).nonce) * world.feeMicro))
}

/** The same, played once for each seed: many attacks are compared with one honest twin. */
export function remember(play: (seed: string) => Holding): (seed: string) => Holding {
  const played = new Map<string, Holding>()
  return (seed) => {
    const holding = played.get(seed) ?? play(seed)
    played.set(seed, holding)
    return holding
  }
}
