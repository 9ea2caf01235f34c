import { loadGenesisFacts } from '../genesis-facts.ts'
import { warnOfMissing } from '../missing-history.ts'
import { createNodeApi } from '../node-api.ts'
import { getStatus } from '../node-view.ts'
import { createOutput } from '../output.ts'
import { chooseNetwork, chooseNode } from '../run-folder.ts'
import { factsOf, formatChainStatus, formatStatus } from '../status-line.ts'
import { CommandError } from '../usage-error.ts'
import type { NetworkFlags } from './ps.ts'

/** Shows where a network stands, as one of its nodes sees it. */
export async function runStatus(name: string | undefined, flags: NetworkFlags): Promise<void> {
  const output = createOutput(flags)
  const network = await chooseNetwork(flags.data, flags.network)
  const node = name === undefined ? network.record.nodes[0] : chooseNode(network.record, name)
  if (node === undefined) throw new CommandError(`${network.record.name} has no nodes`)
  const api = createNodeApi(node.api, node.dataFolder)
  const status = await getStatus(api)
  output.json(status)
  await warnOfMissing(api, output)
  const { style } = output
  output.line(`${style.bold(status.network.name)}  ${style.dim(status.network.id)}`)
  output.line(
    `${status.name}  ${status.agentName}  ${status.isValidator ? 'validates' : 'follows'}`,
  )
  const facts = factsOf(status, await loadGenesisFacts(network.folder))
  output.line(facts === undefined ? formatChainStatus(status, style) : formatStatus(facts, style))
  const refused = Object.entries(status.refusals).map(([code, count]) => `${code} ${count}`)
  for (const { peerId, isBanned, reputation, codes } of status.offenders) {
    const why = Object.entries(codes).map(([code, count]) => `${code} ${count}`)
    const standing = isBanned ? 'banned' : `reputation ${reputation.toFixed(1)}`
    output.line(`${style.dim(standing)} …${peerId.slice(-8)}: ${why.join(', ')}`)
  }
  if (refused.length > 0) output.line(`${style.dim('refused')} ${refused.join(', ')}`)
}
