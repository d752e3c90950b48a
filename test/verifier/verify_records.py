"""Verifies the records of one repo as docs/records.md says, and shares nothing with Baton: verify_records.py FILE…"""
import hashlib, json, pathlib, re, sys

VERDICTS = {"run-end": "ok", "act": "ok", "run-abandoned": "abandoned"}  # by the type of the last line
sha = lambda data: hashlib.sha256(data).hexdigest()
listed = lambda value, kind: [one for one in value if isinstance(one, kind)] if isinstance(value, list) else []

def parse(raw):
    """What a line says, or {} for a broken one. Numbers become floats, and `int` refuses NaN, which is no JSON."""
    try: line = json.loads(raw.decode(), parse_int=float, parse_constant=int) if len(raw) < 64 * 2**20 else None
    except (ValueError, RecursionError): return {}
    match line:
        case {"seq": float(seq), "prev": str() | None, "time": str(), "type": str()} if seq.is_integer(): return line
    return {}

def hash_of(raw, line):
    """The hash of a line; of one whose output was pruned, that of the line as it was."""
    is_stub = line.get("type") in ("output", "step-end") and not line.keys() & {"text", "difference"}
    return line["pruned"] if is_stub and re.fullmatch("[0-9a-f]{64}", str(line.get("pruned"))) else sha(raw)

def first_fault(rows, ended):
    """The number of the first line that breaks a rule; 0 where there is none."""
    last, torn, closed = None, [], False
    for number, (raw, line, hash) in enumerate(rows, 1):
        kind, seal = line.get("type"), b',"seal":"%s"}' % sha(raw[:-75]).encode()
        vouched = listed(line.get("torn"), str) if kind == "run-abandoned" else []
        if closed or not line and (len(torn) == 16 or parse(raw[:-1])): return number
        if line and (line["seq"] != number - 1 or line["prev"] != last or torn != vouched): return number
        if line and (kind not in ("run-start", "act") if last is None else kind == "act"): return number
        if (kind in VERDICTS or "seal" in line) and not raw.endswith(seal): return number
        last, torn, closed = (hash, [], kind in VERDICTS) if line else (last, torn + [hash], False)
    return number if torn and ended else 0

def attachment_fault(folder, name, expected):
    """What is wrong with a file that a step names, or None; a text file may have got other line ends."""
    file = folder / name
    if re.search(r"[/\\:]", name) or folder.is_symlink() or file.is_symlink() or not file.is_file(): return "missing"
    unix = file.read_bytes().replace(b"\r\n", b"\n")
    return None if expected in map(sha, (file.read_bytes(), unix, unix.replace(b"\n", b"\r\n"))) else "changed"

found, parents, known, vouched = [], set(), set(), set()
for path in map(pathlib.Path, sys.argv[1:] or sys.stdin.read().splitlines()):
    data = path.read_bytes().replace(b"\r\n", b"\n")
    rows = [(raw, line := parse(raw), hash_of(raw, line)) for raw in data.removesuffix(b"\n").split(b"\n")]
    first, result = rows[0][1], VERDICTS.get(rows[-1][1].get("type"), "incomplete")
    fault = first_fault(rows, data.endswith(b"\n"))
    known.update(hash for _, _, hash in rows)
    parents.update(listed(first.get("parents"), str))
    if not fault and result == "ok" and first.get("act") == "output-pruned":
        vouched.update(str(one.get("sha256")) for one in listed(first.get("pruned"), dict))
    pruned = [number for number, (raw, _, hash) in enumerate(rows, 1) if hash != sha(raw)]
    ends = [line for _, line, _ in rows if line.get("type") == "step-end" and not fault]
    named = [(one.get("name"), one.get("sha256")) for end in ends for one in listed(end.get("attachments"), dict)]
    named = [pair for pair in named if listed([*pair], str) == [*pair]]
    wrong = [[name, what] for name, sha256 in named if (what := attachment_fault(path.with_suffix(""), name, sha256))]
    found.append((str(path), result, fault, pruned, sha(data), wrong))
for path, result, fault, pruned, digest, wrong in found:
    fault = fault or (pruned[0] if pruned and digest not in vouched else 0)
    print(json.dumps({"path": path, "result": "tampered" if fault else result, "line": fault, "attachments": wrong}))
print(json.dumps({"missing": sorted(parents - known)}))
