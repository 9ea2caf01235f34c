import { isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { ExperimentError, type FilePlace } from './experiment-error.ts'

/** Where in a document something is: the keys that lead to it. */
export type Path = readonly PropertyKey[]

/** Longest experiment file, in characters. */
export const TEXT_LENGTH_MAX = 1_000_000

/** A YAML file that is well formed, and where everything in it stands. */
export interface ExperimentText {
  /** As plain values. */
  readonly value: unknown
  /** Of the value at a path or, where the file does not have it, of the nearest thing around it. */
  placeOf(path: Path): FilePlace
  /** Of the name of a field. */
  placeOfKey(path: Path, key: string): FilePlace
}

/** Errors  ExperimentError with the line and the column of what is not YAML. */
export function readExperimentText(text: string, path: string): ExperimentText {
  if (text.length > TEXT_LENGTH_MAX) {
    throw new ExperimentError(path, null, `longer than ${TEXT_LENGTH_MAX} characters`)
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const placeAt = (offset: number): FilePlace => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined) {
    throw new ExperimentError(path, placeAt(fault.pos[0]), `no YAML: ${fault.message}`)
  }
  const placeOfNode = (node: Node | null): FilePlace => placeAt(node?.range?.[0] ?? 0)
  return {
    value: toPlain(document, path),
    placeOf: (at) => placeOfNode(nearestNode(document.contents, at)),
    placeOfKey(at, key) {
      const map = nearestNode(document.contents, at)
      const pair = isMap(map)
        ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
        : undefined
      return isPair(pair) && isNode(pair.key) ? placeOfNode(pair.key) : placeOfNode(map)
    },
  }
}

/** An alias that is expanded too often ends here. */
function toPlain(document: ReturnType<typeof parseDocument>, path: string): unknown {
  try {
    return document.toJS() ?? {}
  } catch (cause) {
    const sentence = cause instanceof Error ? cause.message : String(cause)
    throw new ExperimentError(path, null, `no YAML: ${sentence}`)
  }
}

function nearestNode(root: Node | null, path: Path): Node | null {
  let node = root
  for (const key of path) {
    const inner: unknown =
      node !== null && 'get' in node
        ? node.get(typeof key === 'symbol' ? '' : key, true)
        : undefined
    if (!isNode(inner)) return node
    node = inner
  }
  return node
}
