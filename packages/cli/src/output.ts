import pc from 'picocolors'
import { truncate } from './table.ts'

export type Style = ReturnType<typeof pc.createColors>

/** The least of a stream that output needs; `process.stdout` fits, and so does a test's buffer. */
export interface Sink {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/**
 * Where a command writes.
 *
 * On a terminal one status line at the bottom is refreshed in place; elsewhere there is none. With `--json` nothing but
 * JSON reaches standard output.
 */
export interface Output {
  readonly style: Style
  readonly width: number
  readonly isTerminal: boolean
  readonly isJson: boolean
  line(text?: string): void
  lines(texts: readonly string[]): void
  /** One JSON document on a line; only with `--json`. */
  json(value: unknown): void
  /** Warnings and errors, on standard error. */
  warn(text: string): void
  status(text: string): void
  clearStatus(): void
}

const WIDTH_DEFAULT = 100
const ERASE_LINE = '\r\u001b[2K'

export function createOutput(
  options: { readonly json: boolean; readonly color?: boolean },
  stdout: Sink = process.stdout,
  stderr: Sink = process.stderr,
): Output {
  const isTerminal = stdout.isTTY === true && !options.json
  const style = pc.createColors(options.color ?? (isTerminal && pc.isColorSupported))
  let shown = ''

  const erase = (): void => {
    if (isTerminal && shown !== '') stdout.write(ERASE_LINE)
  }
  const redraw = (): void => {
    if (isTerminal && shown !== '') {
      stdout.write(truncate(shown, (stdout.columns ?? WIDTH_DEFAULT) - 1))
    }
  }
  return {
    style,
    get width() {
      return stdout.columns ?? WIDTH_DEFAULT
    },
    isTerminal,
    isJson: options.json,
    line(text = '') {
      if (options.json) return
      erase()
      stdout.write(`${text}\n`)
      redraw()
    },
    lines(texts) {
      for (const text of texts) this.line(text)
    },
    json(value) {
      if (options.json) stdout.write(`${formatJson(value)}\n`)
    },
    warn(text) {
      erase()
      stderr.write(`${text}\n`)
      redraw()
    },
    status(text) {
      if (!isTerminal || text === shown) return
      erase()
      shown = text
      redraw()
    },
    clearStatus() {
      erase()
      shown = ''
    },
  }
}

/** JSON in which an amount, a bigint, is a decimal text, and an infinite λ is "inf". */
export function formatJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'bigint') return String(inner)
    return inner === Number.POSITIVE_INFINITY ? 'inf' : inner
  })
}
