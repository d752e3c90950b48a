import { render } from 'preact'
import '../theme.css'
import './guide.css'
import { Guide } from './guide.tsx'

const root = document.getElementById('root')
if (root) render(<Guide />, root)
