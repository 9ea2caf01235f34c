import { isUtf8 } from 'node:buffer'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type ImportedQuestions,
  type ImportFault,
  importQuestions,
} from '@commonweal/bench/forecast'
import { COMMAND, formatPath } from './invocation.ts'
import { truncate } from './table.ts'
import { UsageError } from './usage-error.ts'

/** A file of questions or forecasts is read whole. */
export const QUESTION_FILE_BYTES_MAX: number = 256 * 1_024 * 1_024
/** More faults than this are counted and not shown. */
export const FAULTS_SHOWN_MAX = 20
const FAULT_WIDTH_MAX = 240

/**
 * Reads the resolved questions of a folder.
 *
 * Errors  UsageError: a file is not there, is too large, or has faults, which are told by file and line.
 */
export async function readQuestionFiles(folder: string): Promise<ImportedQuestions> {
  // One after the other, so that of two that cannot be read it is always the same one that is named.
  await checkFolder(folder)
  const questions = await readQuestionFile(folder, 'questions')
  const forecasts = await readQuestionFile(folder, 'forecasts')
  const imported = importQuestions(questions.text, forecasts.text)
  const faults = [...questions.faults, ...forecasts.faults, ...(imported.ok ? [] : imported.faults)]
  if (!imported.ok || faults.length > 0) throw new UsageError(describeFaults(folder, faults))
  if (imported.value.questions.length === 0) {
    throw new UsageError(`${formatPath(join(folder, 'questions.csv'))} has no question`)
  }
  return imported.value
}

const FILES = ['questions', 'forecasts'] as const

async function checkFolder(folder: string): Promise<void> {
  const accepted = `accepted is a folder with questions.csv and forecasts.csv (${COMMAND} forecast import --help)`
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() !== true) {
    const what = found === undefined ? 'there is no' : 'this is no folder:'
    throw new UsageError(`${what} ${formatPath(folder)}; ${accepted}`)
  }
  const paths = FILES.map((name) => join(folder, `${name}.csv`))
  const are = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)))
  const missing = paths.filter((_, index) => are[index]?.isFile() !== true)
  if (missing.length > 0) {
    throw new UsageError(
      `there is no file ${missing.map(formatPath).join(' and no ')}; ${accepted}`,
    )
  }
}

type FileFault = Omit<ImportFault, 'code'> & { readonly code: ImportFault['code'] | 'not-utf-8' }

async function readQuestionFile(
  folder: string,
  file: ImportFault['file'],
): Promise<{ readonly text: string; readonly faults: readonly FileFault[] }> {
  const path = join(folder, `${file}.csv`)
  const { size } = await stat(path)
  if (size > QUESTION_FILE_BYTES_MAX) {
    throw new UsageError(
      `${formatPath(path)} has ${size} bytes; accepted are ${QUESTION_FILE_BYTES_MAX}`,
    )
  }
  const bytes = await readFile(path)
  return { text: bytes.toString('utf8'), faults: isUtf8(bytes) ? [] : findForeign(file, bytes) }
}

/** Lines in another encoding: read as they are, two names with different letters would become one. */
function findForeign(file: ImportFault['file'], bytes: Buffer): readonly FileFault[] {
  const sentence = 'bytes that are no UTF-8; accepted is a file saved as UTF-8'
  const faults: FileFault[] = []
  let start = 0
  for (let line = 1; start < bytes.length; line += 1) {
    const lineEnd = bytes.indexOf(LINE_FEED, start)
    const end = lineEnd === -1 ? bytes.length : lineEnd + 1
    if (!isUtf8(bytes.subarray(start, end))) {
      faults.push({ file, line, code: 'not-utf-8', sentence })
    }
    start = end
  }
  return faults
}

const LINE_FEED = 0x0a

function describeFaults(folder: string, faults: readonly FileFault[]): string {
  const shown = faults.slice(0, FAULTS_SHOWN_MAX).map(({ file, line, code, sentence }) => {
    const place = `${formatPath(join(folder, `${file}.csv`))}:${line}`
    return truncate(printable(`  ${place}  ${code}: ${sentence}`), FAULT_WIDTH_MAX)
  })
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`
  const rest = faults.length - shown.length
  return [
    `${count}, nothing was imported`,
    ...shown,
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ].join('\n')
}

/** Text from a file as a terminal may show it: control characters stand for themselves no longer. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·')
}
