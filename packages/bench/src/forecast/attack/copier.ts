import { type Attack, honest, OTHER_COINS, OTHER_COUNT } from '../gain.ts'

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
        const own = { belief, coins: coins * (snapshot + 1) }
        return [
          beliefOfAll(own, { belief: pool, coins: OTHER_COINS * (snapshot - lagSnapshots + 1) }),
        ]
      },
    },
    against: honest,
    share: 0.1,
    coins,
  }
}

interface Seen {
  readonly belief: number
  readonly coins: number
}

/** A belief is (heads + 1)/(coins + 2), so heads can be read from it and added up. */
function beliefOfAll(own: Seen, each: Seen): number {
  const headsOf = ({ belief, coins }: Seen): number => belief * (coins + 2) - 1
  const heads = headsOf(own) + OTHER_COUNT * headsOf(each)
  return (heads + 1) / (own.coins + OTHER_COUNT * each.coins + 2)
}
