import { type AgentId, type Cid, type Terms, termsCid } from '@commonweal/protocol'
import type { Candidate } from '../agent/utility/candidate.ts'
import type { NodeEvent } from '../node-event.ts'

/** What the agent and an agent outside have agreed on: the agent proposes it when it next has a turn. */
export interface Offer {
  readonly id: string
  readonly subnet: string
  readonly candidate: Candidate
  /** The turn of their talk in which they agreed: so far the agent has conceded. */
  readonly turn: number
  /** Whether the clauses are those of the agent outside: then the mandate is asked again. */
  readonly isForeign: boolean
  /** Whether the instance goes on after its run: if not, no turn comes after that. */
  readonly hasNextRun: boolean
}

export type RefusedCode =
  | 'outside-mandate'
  | 'law-refused'
  | 'not-acceptable'
  | 'agent-failed'
  | 'run-over'

/** Where an offer stands in the network. */
export type OfferState =
  | { readonly status: 'waiting' }
  /** The agent has made it its move. */
  | { readonly status: 'moved'; readonly terms: Terms; readonly epoch: number }
  /** It was heard: it stands in this conversation. */
  | {
      readonly status: 'proposed'
      readonly terms: Terms
      readonly epoch: number
      readonly conversation: Cid
    }
  | {
      readonly status: 'formed'
      readonly agreement: Cid
      readonly conversation: Cid | null
      readonly terms: Terms
      readonly signers: readonly AgentId[]
      readonly height: number
    }
  /** The round was settled without it: the others did not sign, or signed something else, or its turn was over before it spoke. */
  | {
      readonly status: 'not-formed'
      readonly code: 'not-agreed' | 'another-agreement' | 'not-proposed'
      readonly conversation: Cid | null
      readonly epoch: number
    }
  /** When the turn came the agent would not, or could not. */
  | { readonly status: 'refused'; readonly code: RefusedCode }

interface Entry {
  readonly offer: Offer
  readonly onChange: (state: OfferState) => void
  state: OfferState
}

/** Offers that were agreed with agents outside, until it is known what became of each. The first agreed comes first. */
export class OfferBook {
  readonly #agent: AgentId
  readonly #entries = new Map<string, Entry>()

  constructor(agent: AgentId) {
    this.#agent = agent
  }

  /** @param onChange hears of every state after `waiting`. */
  add(offer: Offer, onChange: (state: OfferState) => void): void {
    this.#entries.set(offer.id, { offer, onChange, state: { status: 'waiting' } })
  }

  /** The offer that the agent brings next in an instance. */
  next(subnet: string): Offer | undefined {
    for (const { offer, state } of this.#entries.values()) {
      if (state.status === 'waiting' && offer.subnet === subnet) return offer
    }
    return undefined
  }

  /** Takes an offer back. Result  whether that was possible: what the agent has said it cannot unsay */
  withdraw(id: string): boolean {
    if (this.#entries.get(id)?.state.status !== 'waiting') return false
    return this.#entries.delete(id)
  }

  moved({ id }: Offer, terms: Terms, epoch: number): void {
    this.#change(id, { status: 'moved', terms, epoch })
  }

  refused({ id }: Offer, code: RefusedCode): void {
    this.#change(id, { status: 'refused', code })
  }

  /** Learns from what the node tells what became of offers. */
  hear(event: NodeEvent): void {
    if (this.#entries.size === 0) return
    for (const [id, { offer, state }] of this.#entries) {
      const next = this.#follow(offer, state, event)
      if (next !== undefined) this.#change(id, next)
    }
  }

  #follow(offer: Offer, state: OfferState, event: NodeEvent): OfferState | undefined {
    if (state.status === 'moved' || state.status === 'proposed') {
      if (event.kind === 'turn') return this.#followTurn(state, event)
      return event.kind === 'chain' ? followChain(offer.subnet, state, event) : undefined
    }
    const isOver =
      event.kind === 'chain' &&
      event.event.kind === 'run-ended' &&
      event.event.subnet === offer.subnet
    return isOver && !offer.hasNextRun ? { status: 'refused', code: 'run-over' } : undefined
  }

  #followTurn(
    state: Moved,
    { conversation, turn }: Extract<NodeEvent, { kind: 'turn' }>,
  ): OfferState | undefined {
    const { terms, epoch } = state
    if (state.status === 'proposed' || turn.terms === null || turn.move !== 'propose') return
    const isOurs = terms.parties[turn.seat] === this.#agent
    if (!isOurs || termsCid(turn.terms) !== termsCid(terms)) return undefined
    return { status: 'proposed', terms, epoch, conversation }
  }

  #change(id: string, state: OfferState): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    entry.state = state
    if (state.status !== 'moved' && state.status !== 'proposed') this.#entries.delete(id)
    entry.onChange(state)
  }
}

type Moved = Extract<OfferState, { readonly status: 'moved' | 'proposed' }>

function followChain(
  subnet: string,
  state: Moved,
  { height, event }: Extract<NodeEvent, { kind: 'chain' }>,
): OfferState | undefined {
  const { terms, epoch } = state
  const conversation = state.status === 'proposed' ? state.conversation : null
  if (event.kind === 'agreement-formed' && event.terms.subnet === subnet) {
    const { id: agreement, signers } = event
    return agreement === termsCid(terms)
      ? { status: 'formed', agreement, conversation, terms, signers, height }
      : { status: 'not-formed', code: 'another-agreement', conversation, epoch }
  }
  if (event.kind !== 'round-settled' || event.subnet !== subnet || event.epoch < epoch) return
  const code = state.status === 'proposed' ? 'not-agreed' : 'not-proposed'
  return { status: 'not-formed', code, conversation, epoch }
}
