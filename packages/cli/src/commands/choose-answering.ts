import { createNodeApi } from '../node-api.ts'
import { chooseNetwork, type NodeRecord } from '../run-folder.ts'
import { CommandError } from '../usage-error.ts'

/**
 * The first node of the network that answers: a command about the network needs one of them.
 *
 * Errors  CommandError where none does
 */
export async function chooseAnswering(flags: {
  readonly data: string
  readonly network?: string
}): Promise<NodeRecord> {
  const { record } = await chooseNetwork(flags.data, flags.network)
  for (const node of record.nodes) {
    const answer = await createNodeApi(node.api, node.dataFolder)
      .get('/status')
      .catch(() => undefined)
    if (answer !== undefined) return node
  }
  throw new CommandError(`no node of ${record.name} answers; it has ended`)
}
