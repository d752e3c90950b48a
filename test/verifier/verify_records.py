#!/usr/bin/env python3
"""Verifies records as docs/records.md says, and shares nothing with Baton: verify_records.py FILE… (one repo's, for `missing`)."""
import hashlib, json, re, sys

LIMIT, CLOSING = 64 * 1024 * 1024, ("run-end", "run-abandoned", "act")
sha = lambda data: hashlib.sha256(data).hexdigest()
texts = lambda value: [text for text in value if isinstance(text, str)] if isinstance(value, list) else []

def no_json(name): raise ValueError(name)  # NaN and Infinity, which only Python takes for JSON

def parse(raw):
    """The line as an object, or None for a broken one."""
    try: line = json.loads(raw.decode("utf-8"), parse_constant=no_json, parse_int=float) if len(raw) < LIMIT else None
    except (ValueError, RecursionError): return None
    fits = isinstance(line, dict) and isinstance(line.get("seq"), float) and line["seq"].is_integer()
    fits = fits and "prev" in line and isinstance(line["prev"], (str, type(None)))
    return line if fits and isinstance(line.get("time"), str) and isinstance(line.get("type"), str) else None

def stub(line):
    """The hash of the output line that this one stands for since its text was pruned, or None."""
    hash = line.get("pruned") if line and line["type"] == "output" and "text" not in line else None
    return hash if isinstance(hash, str) and re.fullmatch("[0-9a-f]{64}", hash) else None

def seal_holds(raw): return raw[-75:] == b',"seal":"' + sha(raw[:-75]).encode() + b'"}'

def verify(path, hashes, parents):
    """The verdict, and for `tampered` the line; what has to be vouched for; fills the hashes of all lines and the heads that are named."""
    head = before = object()  # equal to no `prev`
    suspect = closing = fault = None
    n, torn = 0, []  # lines so far; torn lines directly before this one
    pruned, names, whole_file = None, [], hashlib.sha256()  # first pruned line; what an act vouches for
    for whole in open(path, "rb"):
        raw = whole[:-2] if whole.endswith(b"\r\n") else whole.removesuffix(b"\n")
        line, first = parse(raw), n - len(torn)
        hash = stub(line) or sha(raw)
        hashes.add(hash)
        whole_file.update(raw + b"\n" * whole.endswith(b"\n"))
        if fault is None:
            if stub(line): pruned = pruned or n + 1
            if line is None:
                torn.append((hash, whole.endswith(b"\n")))
                if closing: fault = n
                elif parse(raw[:-1]) or len(torn) > 16: fault = first
            else:
                kind, seq, linked = line["type"], line["seq"], n == 0 or line["prev"] == head
                vouched = texts(line.get("torn")) if kind == "run-abandoned" else []
                wrong = [i for i, ((got, _), named) in enumerate(zip(torn, vouched)) if got != named]
                if suspect is not None: fault = suspect - 1 if linked else suspect
                elif (kind in CLOSING or "seal" in line) and not seal_holds(raw): fault = n
                elif n == 0 and (seq != 0 or line["prev"] is not None or kind not in ("run-start", "act")): fault = 0
                elif vouched and not torn: fault = n
                elif len(vouched) != len(torn): fault = first
                elif wrong: fault = first + wrong[0]
                elif n > 0 and first == 0: fault = 0
                elif n > 0 and kind == "act": fault = n
                elif seq > n or seq != n and line["prev"] == head: fault = n
                elif seq < n: fault = n - 1 if line["prev"] == before else max(int(seq), 0) or n
                elif closing and linked: fault = n
                elif kind in CLOSING and not linked: fault = first - 1
                if n == 0 and fault is None:
                    parents += texts(line.get("parents"))
                    if kind == "act" and line.get("act") == "output-pruned": names = line.get("pruned")
                suspect = suspect if linked else n
                closing = closing if kind not in CLOSING else "abandoned" if kind == "run-abandoned" else "ok"
                before, head, torn = head, hash, []
        n += 1
    if fault is None and suspect is not None: fault = suspect - 1
    if fault is None and torn and torn[-1][1]: fault = n - len(torn)
    verdict = ("tampered", fault + 1) if fault is not None else (closing or "incomplete", None)
    return verdict, pruned if fault is None else None, (closing and head, whole_file.hexdigest()), names if verdict[0] == "ok" else []

hashes, parents = set(), []
found = [(file, *verify(file, hashes, parents)) for file in sys.argv[1:] or sys.stdin.read().splitlines()]
acts = {(one["head"], one["sha256"]) for *_, names in found for one in names if isinstance(one, dict) and {"head", "sha256"} <= one.keys()}
for file, verdict, pruned, state, _ in found:
    print(json.dumps([file, *(("tampered", pruned) if pruned and state not in acts else verdict)]))
for parent in sorted(set(parents) - hashes): print(json.dumps(["missing", parent]))
