import { chooseAnswering } from '../commands/choose-answering.ts'
import { createNodeApi, type NodeApi } from '../node-api.ts'
import { type AccountView, getLedger } from '../node-view.ts'
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

/** The market of the network that a command is about. Errors  CommandError, also where it has none */
export async function loadMarket(flags: {
  readonly data: string
  readonly network?: string
}): Promise<Market> {
  const node = await chooseAnswering(flags)
  return readMarket(createNodeApi(node.api, node.dataFolder))
}

export async function readMarket(api: NodeApi): Promise<Market> {
  const view = await getMarket(api)
  const [history, { accounts }] = await Promise.all([readMarketHistory(api), getLedger(api)])
  return { view, history, accounts, nameOf: nameAgents(accounts) }
}
