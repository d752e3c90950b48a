import { createHash } from 'node:crypto'
import { createApprovals } from '../../src/machine/approvals.ts'

// A process of its own that approves: `node approver.ts FOLDER NAME COUNT`.
const [folder = '', name = '', count = ''] = process.argv.slice(2)
const approvals = createApprovals({ folder })
process.stdout.write('ready\n')
for (let index = 0; index < Number(count); index += 1) {
  const text = `${name} ${index} ${'あ'.repeat(500)}`
  const sha256 = createHash('sha256').update(text).digest('hex')
  await approvals.add([{ place: `${name}-${index % 10}`, sha256, text }])
}
