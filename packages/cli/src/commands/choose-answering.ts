import { createNodeApi } from '../node-api.ts'
import { chooseNetwork, type FoundNetwork, findNetworks, type NodeRecord } from '../run-folder.ts'
import { CommandError } from '../usage-error.ts'

/**
 * The first node of the network that answers: a command about the network needs one of them.
 *
 * A node of this machine that joined knows only what came after; where the network was launched here too, it is asked.
 *
 * Errors  CommandError where none does
 */
export async function chooseAnswering(flags: {
  readonly data: string
  readonly network?: string
}): Promise<NodeRecord> {
  const { data, network: name } = flags
  const chosen = await chooseNetwork(data, name)
  const isFolder = name !== undefined && name !== chosen.record.name
  const { record } = isFolder ? chosen : await findLaunched(data, chosen)
  for (const node of record.nodes) {
    const answer = await createNodeApi(node.api, node.dataFolder)
      .get('/status')
      .catch(() => undefined)
    if (answer !== undefined) return node
  }
  throw new CommandError(`no node of ${record.name} answers; it has ended`)
}

/** Of the records of a network that runs, the one with most nodes. */
async function findLaunched(data: string, chosen: FoundNetwork): Promise<FoundNetwork> {
  const same = (await findNetworks(data)).filter(
    ({ record, isRunning }) => isRunning && record.networkId === chosen.record.networkId,
  )
  return [chosen, ...same].reduce((best, one) =>
    one.record.nodes.length > best.record.nodes.length ? one : best,
  )
}
