import {
  closeLock,
  type Report,
  scoreQuestion,
  shareEmission,
  topUpLock,
} from '@commonweal/protocol'
import { agentNamed } from '../agent-named.ts'

const STAKE_MICRO = 10_000_000_000n
const EMISSION_MICRO = 1_000_000_000n
const HONEST_COUNT = 9
const REPORT: Report = [6_000, 4_000]

/**
 * What is left of everybody else's pay when a tenth of the stake is closed and opened again every few epochs. Were its weight to
 * pass to the house each time, whose part of the emission is not minted, the others would be paid less and less.
 *
 * @param rule the network's own, or its rival, which passes all weight of a closed lock to the house.
 * @returns pay of the nine honest forecasters in the last epoch, as a part of that in the first.
 */
export function measureLockChurn(
  epochCount: number,
  everyEpochs: number,
  rule: 'won-to-house' | 'all-to-house' = 'won-to-house',
): number {
  let houseMicro = (STAKE_MICRO * BigInt(HONEST_COUNT + 1)) / 9n
  const paidMicro: bigint[] = []
  for (let epoch = 0; epoch < epochCount; epoch++) {
    const totalMicro = houseMicro + STAKE_MICRO * BigInt(HONEST_COUNT + 1)
    paidMicro.push(payHonest(houseMicro, totalMicro))
    if ((epoch + 1) % everyEpochs !== 0) continue
    const closed = closeLock(topUpLock(null, STAKE_MICRO))
    houseMicro += closed.houseWeightMicro
    if (rule === 'all-to-house') houseMicro += closed.returnedMicro
  }
  return Number(paidMicro.at(-1)) / Number(paidMicro[0])
}

/** Everybody, the house included, says the same: only the weights decide. */
function payHonest(houseMicro: bigint, totalMicro: bigint): bigint {
  const { reporters } = scoreQuestion({
    outcomeCount: 2,
    outcomeIndex: 0,
    snapshotWeightsBps: [10_000],
    house: { weightMicro: houseMicro, reference: REPORT },
    reporters: Array.from({ length: HONEST_COUNT }, (_, index) => ({
      agent: agentNamed(`honest-${index}`),
      weightMicro: STAKE_MICRO,
      reports: [REPORT],
    })),
  })
  const question = {
    source: 'question',
    weight: 1n,
    totalMicro,
    earnings: reporters,
    budgetMaxMicro: null,
  }
  const { payments } = shareEmission(EMISSION_MICRO, [question])
  return payments.reduce((sum, { amountMicro }) => sum + amountMicro, 0n)
}
