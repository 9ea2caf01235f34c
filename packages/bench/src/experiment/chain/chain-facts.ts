import type { AgentId, ChainEvent, Cid, Terms } from '@commonweal/protocol'
import type { AgreedFacts, LawFacts } from '../rounds/agreement-metrics.ts'

/** An event of a chain, as far as results are made of it: typed as the protocol has it, or read from a node's JSON. */
export type SeenEvent =
  | Pick<Extract<ChainEvent, { kind: 'phase' }>, 'kind' | 'epoch' | 'phase' | 'height'>
  | {
      readonly kind: 'agreement-formed'
      readonly id: Cid
      readonly terms: Pick<Terms, 'rounds' | 'text' | 'law'>
      readonly signers: readonly AgentId[]
      readonly takenMicro: readonly bigint[]
    }
  | {
      readonly kind: 'agreement-ended'
      readonly id: Cid
      readonly returnedMicro: readonly bigint[]
    }
  | {
      readonly kind: 'round-settled'
      readonly epoch: number
      readonly row: unknown
      readonly laws: readonly { readonly records: readonly object[] }[]
      readonly creditsMicro: readonly bigint[]
    }
  | { readonly kind: 'run-ended' }
  | {
      readonly kind: 'slashed'
      readonly agent: AgentId
      readonly offence: string
      readonly amountMicro: bigint
    }

/** The event, or undefined where no result is made of it. */
export function seenEvent(event: ChainEvent): SeenEvent | undefined {
  switch (event.kind) {
    case 'phase':
    case 'agreement-formed':
    case 'agreement-ended':
    case 'round-settled':
    case 'run-ended':
    case 'slashed':
      return event
    default:
      return undefined
  }
}

/** What the events of a chain say of the first run of its one instance. */
export interface ChainFacts {
  /** One for each round, as the events carry them. */
  readonly rows: readonly unknown[]
  readonly agreements: readonly AgreedFacts[]
  readonly laws: readonly LawFacts[]
  /** By seat: what laws paid it, less what they took; collateral that came back is neither. */
  readonly creditsMicro: readonly bigint[]
  readonly burnedMicro: bigint
  readonly isEnded: boolean
}

/** Reads the events in their order. The epochs of the first run are its rounds, from 1. */
export function readChain(seats: readonly AgentId[], events: readonly SeenEvent[]): ChainFacts {
  const rows: unknown[] = []
  const laws: LawFacts[] = []
  const agreements = new Map<Cid, AgreedFacts>()
  let creditsMicro: readonly bigint[] = seats.map(() => 0n)
  let epoch = 1
  let isEnded = false
  for (const event of events) {
    switch (event.kind) {
      case 'phase':
        epoch = event.epoch
        break
      case 'agreement-formed': {
        const holders = [...seats.keys()].filter((seat) => isIn(event.signers, seats[seat]))
        const { id, terms, takenMicro } = event
        agreements.set(id, { terms, holders, round: agreements.get(id)?.round ?? epoch })
        creditsMicro = addBySeat(creditsMicro, takenMicro, -1n)
        break
      }
      case 'agreement-ended':
        creditsMicro = addBySeat(creditsMicro, event.returnedMicro, 1n)
        break
      case 'round-settled':
        rows.push(event.row)
        laws.push(...event.laws.map(({ records }) => ({ round: event.epoch, records })))
        creditsMicro = addBySeat(creditsMicro, event.creditsMicro, 1n)
        break
      case 'run-ended':
        isEnded = true
        break
      case 'slashed':
    }
  }
  // Once all custody is dissolved, what laws took and gave nobody is burned.
  const burnedMicro = -creditsMicro.reduce((sum, credit) => sum + credit, 0n)
  return { rows, agreements: [...agreements.values()], laws, creditsMicro, burnedMicro, isEnded }
}

function isIn(agents: readonly AgentId[], agent: AgentId | undefined): boolean {
  return agent !== undefined && agents.includes(agent)
}

function addBySeat(
  sums: readonly bigint[],
  amounts: readonly bigint[],
  sign: 1n | -1n,
): readonly bigint[] {
  return sums.map((sum, seat) => sum + sign * (amounts[seat] ?? 0n))
}
