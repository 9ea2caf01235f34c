import { chooseAnswering } from '../commands/choose-answering.ts'
import { warnOfMissing } from '../missing-history.ts'
import { createNodeApi, type NodeApi } from '../node-api.ts'
import { type AccountView, getLedger } from '../node-view.ts'
import type { Output } from '../output.ts'
import { type NameOf, nameAgents } from './agent-names.ts'
import { type MarketHistory, readMarketHistory } from './market-history.ts'
import { getMarket, type MarketView } from './market-view.ts'

/** A market as one node has it, and what its agents are called. */
export interface Market {
  readonly view: MarketView
  readonly history: MarketHistory
  readonly accounts: readonly AccountView[]
  readonly nameOf: NameOf
}

/**
 * The market of the network that a command is about; says what of its history the node does not have.
 *
 * Errors  CommandError, also where there is no market
 */
export async function loadMarket(
  flags: { readonly data: string; readonly network?: string },
  output: Output,
): Promise<Market> {
  const node = await chooseAnswering(flags)
  const api = createNodeApi(node.api, node.dataFolder)
  const market = await readMarket(api)
  await warnOfMissing(api, output)
  return market
}

export async function readMarket(api: NodeApi): Promise<Market> {
  const view = await getMarket(api)
  const [history, { accounts }] = await Promise.all([readMarketHistory(api), getLedger(api)])
  return { view, history, accounts, nameOf: nameAgents(accounts) }
}
