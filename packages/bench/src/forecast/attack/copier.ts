import { type Attack, honest, OTHER_COINS, OTHER_COUNT } from '../gain.ts'
import { beliefOfAll } from './seen-coins.ts'

/**
 * Adds what the others were seen to say to what it knows itself, as well as that can be done: in a world of coins the mean of
 * their beliefs tells how many heads they saw. Before it sees anything it says what it believes. With a lag of 0 reports are
 * shown as they come; with as many snapshots as a question has they stay sealed to its end, which is the rule.
 *
 * @param coins that it sees itself; none for one who only copies.
 */
export function copier(lagSnapshots: number, coins: number): Attack {
  const who = coins === 0 ? 'copier who knows nothing' : 'copier'
  return {
    name: `${who}, shown ${lagSnapshots} snapshots late`,
    strategy: {
      nameCount: 1,
      report({ belief, snapshot, poolAfter }) {
        const pool = poolAfter(lagSnapshots)
        if (pool === undefined) return [belief]
        const other = { belief: pool, coins: OTHER_COINS * (snapshot - lagSnapshots + 1) }
        const others = Array.from({ length: OTHER_COUNT }, () => other)
        return [beliefOfAll([{ belief, coins: coins * (snapshot + 1) }, ...others])]
      },
    },
    against: honest,
    share: 0.1,
    coins,
  }
}
