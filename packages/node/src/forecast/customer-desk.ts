import {
  type AgentId,
  type Cid,
  type Effect,
  headOf,
  type Ledger,
  streamOf,
} from '@commonweal/protocol'
import type { Customer, OpenQuestion } from '../agent/forecast/forecaster.ts'
import type { SignalFrame } from './signal-frame.ts'

export type StatementSealed = Extract<Effect, { readonly kind: 'statement-sealed' }>

export interface CustomerDeskOptions {
  /** The agent's own id. */
  readonly agent: AgentId
  readonly ledger: () => Ledger
  readonly question: (id: Cid) => OpenQuestion | undefined
  /** What the forecaster says of a customer. */
  readonly serves: (customer: Omit<Customer, 'servedCount'>, question: OpenQuestion) => boolean
  readonly send: (to: AgentId, frame: SignalFrame) => void
}

/**
 * Customers that are kept; beyond it the one that came first is forgotten until it asks again. More than a node has peers: what one
 * said just before it left is heard after it is gone, and would be kept for good.
 */
export const CUSTOMER_COUNT_MAX = 256

/**
 * Hands what the agent sealed to those who asked for it and are served: at once, and when they come late, as long as the snapshot
 * takes seals. [FOR-12]
 */
export class CustomerDesk {
  readonly #options: CustomerDeskOptions
  /** Connected agents that have asked, with the height at which each was last told all. */
  readonly #customers = new Map<AgentId, number>()
  /** Sealed, and of use to somebody who has yet to seal. */
  #sealed: readonly StatementSealed[] = []

  constructor(options: CustomerDeskOptions) {
    this.#options = options
  }

  sealed(statement: StatementSealed): void {
    this.#sealed = [...this.#sealed, statement]
    for (const customer of this.#customers.keys()) this.#serve(customer, statement)
  }

  /** One asks. Who asks again and again is told all once a block, so that a short frame costs little. */
  come(customer: AgentId): void {
    const { height } = headOf(this.#options.ledger())
    if (this.#customers.get(customer) === height) return
    this.#customers.set(customer, height)
    const [first] = this.#customers.keys()
    if (this.#customers.size > CUSTOMER_COUNT_MAX && first !== undefined) {
      this.#customers.delete(first)
    }
    this.#sealed = this.#sealed.filter((statement) => this.#isOpen(statement))
    for (const statement of this.#sealed) this.#serve(customer, statement)
  }

  /** Who has gone asks again when it comes back. */
  gone(customer: AgentId): void {
    this.#customers.delete(customer)
  }

  forget(question: Cid): void {
    this.#sealed = this.#sealed.filter((sealed) => sealed.question !== question)
  }

  #isOpen({ question, snapshot }: StatementSealed): boolean {
    const closeHeight = this.#options.question(question)?.snapshots[snapshot]?.closeHeight ?? 0
    return headOf(this.#options.ledger()).height < closeHeight
  }

  #serve(customer: AgentId, { question: id, snapshot, statement, salt }: StatementSealed): void {
    const { agent, ledger, send, serves } = this.#options
    const question = this.#options.question(id)
    if (question === undefined) return
    const shares = streamOf(ledger(), customer, question.openHeight)
    const bps = shares.find(({ to }) => to === agent)?.bps ?? 0
    if (!serves({ agent: customer, bps }, question)) return
    send(customer, { kind: 'statement', question: id, snapshot, statement, salt })
  }
}
