import { scoreQuestion } from '@commonweal/protocol'
import { agentNamed } from '../forecast/agent-named.ts'
import { binaryReport } from '../forecast/to-report.ts'

/** Holders beside the whale, of a tenth of all weight each. */
const FISH_COUNT = 6
/** In thousandths of all weight. */
const FISH_STAKE = 100
const UNIT_MICRO = 1_000_000_000n

/**
 * What a holder wins of all weight in one question, when its usefulness is .1 above that of the others: it gave 100^.1 times as
 * much to what came true.
 *
 * @param stakes by name, in thousandths of all weight.
 */
export function measureWhaleWin(stakes: readonly number[]): number {
  const reporter = (name: string, stake: number, probability: number) => ({
    agent: agentNamed(name),
    weightMicro: BigInt(stake) * UNIT_MICRO,
    reports: [binaryReport(probability)],
  })
  const own = stakes.map((stake, index) => reporter(`whale-${index}`, stake, 0.7))
  const others = Array.from({ length: FISH_COUNT }, (_, index) =>
    reporter(`fish-${index}`, FISH_STAKE, 0.7 / 100 ** 0.1),
  )
  const { reporters: after } = scoreQuestion({
    outcomeCount: 2,
    outcomeIndex: 0,
    snapshotWeightsBps: [10_000],
    house: null,
    reporters: [...own, ...others],
  })
  const names = new Set(own.map(({ agent }) => agent))
  const won = after
    .filter(({ agent }) => names.has(agent))
    .reduce((sum, { weightMicro }) => sum + weightMicro, 0n)
  const staked = own.reduce((sum, { weightMicro }) => sum + weightMicro, 0n)
  return Number(won - staked) / Number(1_000n * UNIT_MICRO)
}
