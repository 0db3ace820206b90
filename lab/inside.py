#!/usr/bin/env python3
"""Runs the cases inside the emulated host: see lab/run, which boots it."""

import argparse
import os
import shutil
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
        folder = f"{os.environ['OUT']}/{case.__name__}"
        lab.node.keep_evidence(folder)
        # Who hangs in the kernel, and where.
        subprocess.run(f"echo w >/proc/sysrq-trigger; dmesg >{folder}/dmesg", shell=True, check=False)
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
    parser.add_argument("capabilities")
    parser.add_argument("cases", nargs="+")
    options = parser.parse_args()
    chosen = [getattr(cases, name) for name in options.cases]
    begin = time.monotonic()
    lab = Lab(options.program, options.guest)
    # What libvirt finds out about QEMU takes it a minute here; it checks itself whether it is still true.
    capabilities = f"{lab.node.root}/run/virt-node/serve/l/cache/qemu/capabilities"
    if os.path.isdir(options.capabilities):
        shutil.copytree(options.capabilities, capabilities)
    failed = 0
    try:
        if any(case.devices for case in chosen) and lab.has_devices:
            # The drivers that a host would have.
            subprocess.run(["modprobe", "-a", "bochs", "nvme", "8139cp"], check=False)
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
        shutil.copytree(capabilities, f"{os.environ['OUT']}/capabilities", dirs_exist_ok=True)
    finally:
        lab.node.remove()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
