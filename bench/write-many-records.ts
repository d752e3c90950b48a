/** Writes many records below a folder: `node bench/write-many-records.ts <folder> <records>` */
import { writeManyRecords } from './many-records.ts'

const [, , root = '', records] = process.argv
writeManyRecords(root, Number(records))
