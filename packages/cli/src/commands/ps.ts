import { fitTable } from '../forecast/fit-table.ts'
import { COMMAND, formatPath } from '../invocation.ts'
import { createNodeApi } from '../node-api.ts'
import { getStatus, type StatusView } from '../node-view.ts'
import { createOutput } from '../output.ts'
import { type FoundNetwork, findNetworks, type NodeRecord } from '../run-folder.ts'

export interface NetworkFlags {
  readonly data: string
  readonly network?: string
  readonly json: boolean
}

interface Line {
  readonly network: FoundNetwork
  readonly node: NodeRecord
  readonly status: StatusView | undefined
}

/** Lists what runs on this machine: every node of every network under the data folder. */
export async function runPs(flags: NetworkFlags): Promise<void> {
  const output = createOutput(flags)
  const networks = (await findNetworks(flags.data)).filter(
    ({ isRunning, record }) =>
      isRunning && (flags.network === undefined || record.name === flags.network),
  )
  const lines = await Promise.all(networks.flatMap(lookAtNodes))
  output.json(
    lines.map(({ network, node, status }) => ({
      network: network.record.name,
      folder: network.folder,
      ...node,
      status: status === undefined ? 'gone' : 'up',
      finalHeight: status?.finalHeight ?? null,
    })),
  )
  if (lines.length === 0) {
    output.line(`No network runs in ${flags.data}. Start one with: ${COMMAND} up --keep`)
    return
  }
  output.lines(
    fitTable<Line>(
      [
        { title: 'network', cell: ({ network }) => network.record.name },
        { title: 'node', cell: ({ node }) => node.name },
        { title: 'pid', align: 'right', cell: ({ node }) => String(node.pid) },
        { title: 'agent', cell: ({ status }) => status?.agentName ?? '' },
        { title: 'final', align: 'right', cell: ({ status }) => String(status?.finalHeight ?? '') },
        {
          title: 'peers',
          align: 'right',
          cell: ({ status }) => String(status?.peers.length ?? ''),
        },
        { title: 'api', cell: ({ node, status }) => (status === undefined ? 'gone' : node.api) },
        { title: 'data', cell: ({ node }) => formatPath(node.dataFolder) },
      ],
      lines,
      output.style.dim,
      { width: output.isTerminal ? output.width : Number.POSITIVE_INFINITY, dropOrder: DROP_ORDER },
    ),
  )
}

/** What a narrow terminal can do without; `--json` has all of it. */
const DROP_ORDER = ['data', 'api']

function lookAtNodes(network: FoundNetwork): readonly Promise<Line>[] {
  return network.record.nodes.map(async (node) => ({
    network,
    node,
    status: await getStatus(createNodeApi(node.api, node.dataFolder)).catch(() => undefined),
  }))
}
