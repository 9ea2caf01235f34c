import { type Attack, OTHER_COINS } from '../gain.ts'
import { beliefOfAll } from './seen-coins.ts'

const MEMBER_COUNT = 4

/**
 * Four who tell one another what they believe before they seal, and all say the same. The normalised geometric mean gains whatever
 * comes true, as its logarithm is more than the mean of theirs; what they know together is worth more, on average.
 */
export function coalition(says: 'mean' | 'what all know'): Attack {
  return {
    name: `coalition of ${MEMBER_COUNT} that says ${says === 'mean' ? 'its mean' : says}`,
    strategy: {
      nameCount: MEMBER_COUNT,
      report({ beliefs, snapshot }) {
        const coins = OTHER_COINS * (snapshot + 1)
        const said =
          says === 'mean'
            ? geometricMean(beliefs)
            : beliefOfAll(beliefs.map((belief) => ({ belief, coins })))
        return Array<number>(MEMBER_COUNT).fill(said)
      },
    },
    against: { nameCount: MEMBER_COUNT, report: ({ beliefs }) => beliefs },
    share: 0.4,
    coins: OTHER_COINS,
    memberCount: MEMBER_COUNT,
  }
}

/** Of probabilities of one outcome of two, normalised: the mean of their log odds. */
function geometricMean(probabilities: readonly number[]): number {
  const logOdds = probabilities.map((probability) => Math.log(probability / (1 - probability)))
  const mean = logOdds.reduce((sum, value) => sum + value, 0) / logOdds.length
  return 1 / (1 + Math.exp(-mean))
}
