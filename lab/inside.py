#!/usr/bin/env python3
"""Runs the cases inside the emulated host: see lab/run, which boots it."""

import argparse
import os
import subprocess
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import cases  # noqa: E402
from host import Failed, Lab, Refused  # noqa: E402


def say(text):
    print(text, flush=True)


def attempt(lab, case):
    """Runs one case; whether it held."""
    begin = time.monotonic()
    try:
        evidence = case(lab)
        lab.clear()
        word = "ok"
    except (Failed, Refused, ConnectionError, RuntimeError, OSError, KeyError, ValueError, IndexError) as error:
        word = "FAILED"
        evidence = str(error) if isinstance(error, Failed) else "".join(traceback.format_exception(error)[-3:])
        lab.node.keep_evidence(f"{os.environ['OUT']}/{case.__name__}")
        try:
            lab.clear()
        except (Failed, Refused, ConnectionError, RuntimeError) as again:
            evidence += f"\n  and it left something behind: {again}"
    say(f"{word:6} {case.__name__} ({time.monotonic() - begin:.0f} s): {evidence}")
    return word == "ok"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("guest")
    parser.add_argument("device_guest")
    parser.add_argument("cases", nargs="+")
    options = parser.parse_args()
    chosen = [case for case in cases.CASES if case.__name__ in options.cases]
    begin = time.monotonic()
    lab = Lab(options.program, options.guest, options.device_guest)
    failed = 0
    try:
        if any(case.devices for case in chosen) and lab.has_devices:
            # The drivers that a host would have.
            subprocess.run(["modprobe", "-a", "bochs", "e1000e", "nvme", "8139cp"], check=False)
            lab.configure(cases.permitted(lab))
        lab.serve(*cases.RESERVED)
        say(f"       the daemon answered {time.monotonic() - begin:.0f} s after the host was up")
        for case in chosen:
            if case.devices and not lab.has_devices:
                say(f"SKIP   {case.__name__}: this program's configuration has no permittedHostDevices")
                continue
            failed += not attempt(lab, case)
            if lab.options != cases.RESERVED:
                lab.serve(*cases.RESERVED)
    finally:
        lab.node.remove()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
