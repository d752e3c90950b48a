import { useEffect, useRef, useState } from 'preact/hooks'
import { attachmentLimit } from '../../record/attachment.ts'
import { formatBytes } from '../../wording/byte-sizes.ts'
import { locale, t } from '../page.ts'

/** A file that is to be attached to a step when it is settled. */
export interface Draft {
  readonly id: number
  readonly file: File
}

export interface AttachmentsProps {
  readonly drafts: readonly Draft[]
  readonly onDrafts: (change: (drafts: readonly Draft[]) => readonly Draft[]) => void
  /** Names of files that are beside the record already. */
  readonly attached: readonly string[]
}

let lastId = 0

/** Files for a manual step: chosen, dropped, or pasted from the clipboard. */
export function Attachments({ drafts, onDrafts, attached }: AttachmentsProps) {
  const picker = useRef<HTMLInputElement>(null)
  const [tooLarge, setTooLarge] = useState<string>()

  function add(files: readonly File[]): void {
    const large = files.find(({ size }) => size > attachmentLimit)
    setTooLarge(large?.name)
    const fine = files.filter(({ size }) => size <= attachmentLimit)
    onDrafts((before) => [...before, ...fine.map((file) => ({ id: ++lastId, file }))])
  }

  useEffect(() => {
    const paste = ({ clipboardData }: ClipboardEvent) => add([...(clipboardData?.files ?? [])].map(named))
    const drop = (event: DragEvent) => {
      event.preventDefault()
      add([...(event.dataTransfer?.files ?? [])])
    }
    const allow = (event: DragEvent) => event.preventDefault()
    window.addEventListener('paste', paste)
    window.addEventListener('drop', drop)
    window.addEventListener('dragover', allow)
    return () => {
      window.removeEventListener('paste', paste)
      window.removeEventListener('drop', drop)
      window.removeEventListener('dragover', allow)
    }
  })

  return (
    <div class="attachments">
      <button type="button" onClick={() => picker.current?.click()}>
        {t('Attach')}
      </button>
      <span class="label">{t('Files can be dropped here, and pictures pasted.')}</span>
      <input
        ref={picker}
        class="unseen"
        type="file"
        multiple
        tabIndex={-1}
        aria-label={t('Attach')}
        onChange={({ currentTarget }) => {
          add([...(currentTarget.files ?? [])])
          currentTarget.value = ''
        }}
      />
      {tooLarge !== undefined && (
        <p class="alarm" role="alert">
          {t(
            '{0} is larger than 25 MB, the most that can be attached. Attach a part of it, or a smaller picture.',
            tooLarge,
          )}
        </p>
      )}
      {(drafts.length > 0 || attached.length > 0) && (
        <ul aria-label={t('Attachments')}>
          {attached.map((name) => (
            <li key={name}>✓ {name}</li>
          ))}
          {drafts.map(({ id, file }) => (
            <li key={id}>
              <Picture file={file} />
              <span>{`${file.name} (${formatBytes(file.size, locale)})`}</span>
              <button
                type="button"
                class="quiet"
                aria-label={t('Do not attach {0}', file.name)}
                onClick={() => onDrafts((before) => before.filter((draft) => draft.id !== id))}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Picture({ file }: { readonly file: File }) {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    if (!file.type.startsWith('image/')) return
    const made = URL.createObjectURL(file)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return address === undefined ? null : <img src={address} alt="" />
}

/** A picture of the clipboard has no name of its own: when it was pasted says most. */
function named(file: File): File {
  if (!/^image\.\w+$/.test(file.name)) return file
  const time = new Date()
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  const clock = `${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`
  return new File([file], `${day} ${clock}${file.name.slice('image'.length)}`, { type: file.type })
}
