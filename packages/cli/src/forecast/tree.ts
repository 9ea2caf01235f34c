import { wrap } from '../table.ts'

/** A line, what else is to say about it, and what hangs from it. */
export interface TreeNode {
  readonly text: string
  readonly notes: readonly string[]
  readonly branches: readonly TreeNode[]
}

/** Cells that a line keeps however deep it hangs. */
const TEXT_WIDTH_MIN = 24

/** Trees as lines with branches drawn before them; a long text goes on below itself. */
export function renderTree(nodes: readonly TreeNode[], width: number): readonly string[] {
  const lines: string[] = []
  for (const [index, node] of nodes.entries()) {
    const isLast = index === nodes.length - 1
    hang(node, { head: isLast ? '└─ ' : '├─ ', rest: isLast ? '   ' : '│  ' }, width, lines)
  }
  return lines
}

interface Prefix {
  /** Before the first line of a node, and before all below it. */
  readonly head: string
  readonly rest: string
}

function hang(node: TreeNode, { head, rest }: Prefix, width: number, lines: string[]): void {
  const room = Math.max(TEXT_WIDTH_MIN, width - head.length)
  const below = node.branches.length > 0 ? '│ ' : '  '
  const [first = '', ...more] = wrap(node.text, room)
  lines.push(head + first)
  const indented = [...more, ...node.notes.flatMap((note) => wrap(note, room - below.length))]
  for (const line of indented) lines.push(`${rest}${below}${line}`)
  for (const [index, branch] of node.branches.entries()) {
    const isLast = index === node.branches.length - 1
    const prefix = {
      head: `${rest}${isLast ? '└─ ' : '├─ '}`,
      rest: `${rest}${isLast ? '   ' : '│  '}`,
    }
    hang(branch, prefix, width, lines)
  }
}
