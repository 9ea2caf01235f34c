import { type Agent, capLaw, type Move, type NegotiationSituation } from '@commonweal/node'
import { TOKEN_MICRO } from '@commonweal/protocol'

/** What each party of the terms below has to set aside. */
export const COLLATERAL_MICRO: bigint = 100n * TOKEN_MICRO

export interface HagglerOptions {
  /** Resolves when the seat may speak. */
  readonly mayI?: (seat: number) => Promise<void>
  /** Seats that accept what is on the table; the others pass. */
  readonly accepting?: readonly number[]
}

/** Who opens proposes a tenth of the stock each, with collateral; of the others some accept. Each takes one unit. */
export function createHaggler({ mayI, accepting = [] }: HagglerOptions): Agent {
  return {
    name: 'haggler',
    async negotiate(situation): Promise<Move> {
      await mayI?.(situation.seat)
      if (situation.standing === null) return { move: 'propose', terms: termsOf(situation) }
      return { move: accepting.includes(situation.seat) ? 'accept' : 'pass' }
    },
    act: () => 1n,
  }
}

function termsOf({ seats, subnet, epoch, quorum }: NegotiationSituation) {
  return {
    parties: seats,
    quorum,
    subnet,
    rounds: [epoch, epoch] as const,
    mode: 'law' as const,
    text: '',
    law: capLaw('stock / 10'),
    collateralMicro: seats.map(() => COLLATERAL_MICRO),
    replaces: null,
  }
}
