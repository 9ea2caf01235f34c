import { onInterrupt } from '../interrupt.ts'
import { formatLogRecord, instantOf } from '../log-record.ts'
import { followLines, readTail } from '../log-tail.ts'
import { createOutput, type Output } from '../output.ts'
import { chooseNetwork, chooseNode, type NodeRecord } from '../run-folder.ts'

export interface LogsFlags {
  readonly data: string
  readonly network?: string
  readonly json: boolean
  readonly follow: boolean
  readonly lines: number
}

/** Shows the logs of one node, or of all in the order of their instants. */
export async function runLogs(node: string | undefined, flags: LogsFlags): Promise<void> {
  const { record } = await chooseNetwork(flags.data, flags.network)
  const nodes = node === undefined ? record.nodes : [chooseNode(record, node)]
  const output = createOutput({ json: false })
  const show = createPrinter(output, flags.json, nodes.length > 1)
  const tails = await Promise.all(
    nodes.map(async (of) => ({ of, ...(await readTail(of.logFile, flags.lines)) })),
  )
  const past = tails
    .flatMap(({ of, lines }) => lines.map((line) => ({ of, line, atMs: instantOf(line) ?? 0 })))
    .toSorted((a, b) => a.atMs - b.atMs)
    .slice(-flags.lines)
  for (const { of, line } of past) show(of, line)
  if (!flags.follow) return

  const stop = new AbortController()
  onInterrupt(() => stop.abort())
  await Promise.all(
    tails.map(async ({ of, end }) => {
      for await (const line of followLines(of.logFile, end, stop.signal)) show(of, line)
    }),
  )
}

function createPrinter(
  output: Output,
  isJson: boolean,
  isNamed: boolean,
): (node: NodeRecord, line: string) => void {
  return (node, line) => {
    const text = isJson ? line : formatLogRecord(line, output.style)
    output.line(isNamed && !isJson ? `${output.style.bold(node.name)} ${text}` : text)
  }
}
