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
  // One after the other, so that of two missing files it is always the same one that is named.
  const questions = await readQuestionFile(folder, 'questions.csv')
  const forecasts = await readQuestionFile(folder, 'forecasts.csv')
  const imported = importQuestions(questions, forecasts)
  if (!imported.ok) throw new UsageError(describeFaults(folder, imported.faults))
  if (imported.value.questions.length === 0) {
    throw new UsageError(`${formatPath(join(folder, 'questions.csv'))} has no question`)
  }
  return imported.value
}

async function readQuestionFile(folder: string, name: string): Promise<string> {
  const path = join(folder, name)
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true) {
    throw new UsageError(
      `there is no file ${formatPath(path)}; accepted is a folder with questions.csv and forecasts.csv (${COMMAND} forecast import --help)`,
    )
  }
  if (found.size > QUESTION_FILE_BYTES_MAX) {
    throw new UsageError(
      `${formatPath(path)} has ${found.size} bytes; accepted are ${QUESTION_FILE_BYTES_MAX}`,
    )
  }
  return readFile(path, 'utf8')
}

function describeFaults(folder: string, faults: readonly ImportFault[]): string {
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
