import type { NodeApi } from '../node-api.ts'
import { type AccountView, getLedger, submitTransaction } from '../node-view.ts'

/** What the newcomer's agent has on the ledger, and what it has its node send. */
export class NewcomerAccount {
  readonly #api: NodeApi
  readonly #agent: string

  constructor(api: NodeApi, agent: string) {
    this.#api = api
    this.#agent = agent
  }

  async balanceMicro(): Promise<bigint> {
    return (await this.#find())?.balanceMicro ?? 0n
  }

  async bondMicro(): Promise<bigint> {
    return (await this.#find())?.bondMicro ?? 0n
  }

  /** Sends a transaction; its receipt's code, or why there is none: `ok` is good, all else is not. */
  async send(body: object): Promise<string> {
    const submitted = await submitTransaction(this.#api, body)
    switch (submitted.status) {
      case 'refused':
        return submitted.code
      case 'sent':
        return 'not-final-in-time'
      case 'final':
        return submitted.receipt.code
    }
  }

  async #find(): Promise<AccountView | undefined> {
    const { accounts } = await getLedger(this.#api)
    return accounts.find(({ agent }) => agent === this.#agent)
  }
}
