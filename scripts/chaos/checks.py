"""What must hold after a fault: nothing lost, nothing doubled, nothing left, nothing false."""

import time

from node import PATIENCE, Refused, condition, phase, start_time, uuid


class Problems:
    """What was found wrong, and the time until the node settled."""

    def __init__(self):
        self.found = []
        self.lost = set()

    def add(self, text, lost=None):
        if text not in self.found:
            self.found.append(text)
        if lost:
            self.lost.add(lost)

    def __bool__(self):
        return bool(self.found)


class Expectation:
    """What a VM should be, by its name."""

    RUN, PAUSED, ENDED, GONE = "run", "paused", "ended", "gone"
    # A guest that powers itself off, who knows when.
    RUN_OR_END = "run or end"

    def __init__(self, wanted, uid=None, emulator=None):
        self.wanted = wanted
        self.uid = uid
        # The QEMU that must go on, where one must.
        self.emulator = emulator


def describe(instance):
    if instance is None:
        return "absent"
    words = [phase(instance) or "no phase"]
    words += [f"{kind}={condition(instance, kind)}" for kind in ("Ready", "Paused") if condition(instance, kind)]
    status = instance.get("status", {})
    words += [f"{c['type']}: {c.get('reason')}: {c.get('message')}" for c in status.get("conditions", [])
              if c["type"] in ("Synchronized", "Ready") and c["status"] != "True"]
    return " ".join(words)


def is_met(wanted, instance, emulators):
    if wanted == Expectation.GONE:
        return instance is None and not emulators
    if instance is None:
        return False
    if wanted == Expectation.RUN_OR_END:
        return is_met(Expectation.RUN, instance, emulators) or is_met(Expectation.ENDED, instance, emulators)
    if wanted == Expectation.ENDED:
        return phase(instance) in ("Succeeded", "Failed") and not emulators
    if phase(instance) != "Running" or len(emulators) != 1:
        return False
    paused = condition(instance, "Paused") == "True"
    if wanted == Expectation.PAUSED:
        return paused
    return not paused and condition(instance, "Ready") == "True"


def settle(node, expected, problems, begin, truth_limit=5, limit=60):
    """Waits until all VMs are what they should be.

    Status must tell the truth `truth_limit` seconds after `begin`, the end of the fault: of a VM that ran before, that it
    runs. Those whose start or stop the fault hit are given `limit` seconds to get where they should.
    """
    checked_truth = False
    while True:
        now = time.monotonic() - begin
        if node.daemon.poll() is not None:
            problems.add(f"the daemon ended by itself with {node.daemon.returncode}")
            return now
        try:
            instances = node.api.instances(timeout=5)
        except (ConnectionError, Refused) as error:
            instances = None
            if now > limit * PATIENCE:
                problems.add(f"the API does not answer: {error}")
                return now
        emulators = node.emulators()
        for name, expectation in expected.items():
            mine = [e for e in emulators if e.domain == f"default_{name}"]
            if len(mine) > 1:
                problems.add(f"{name} runs twice: {mine}", lost=name)
            old = expectation.emulator
            if old and start_time(old.pid) != old.start:
                problems.add(f"{name}: its QEMU {old.pid} is gone", lost=name)
        if instances is not None:
            for name, expectation in expected.items():
                instance = instances.get(name)
                if expectation.emulator and instance and phase(instance) not in ("Running",):
                    problems.add(f"{name} ran all the time, and its status says {describe(instance)} after {now:.1f} s")
            if now >= truth_limit * PATIENCE and not checked_truth:
                checked_truth = True
                for name, expectation in expected.items():
                    instance = instances.get(name)
                    mine = [e for e in emulators if e.domain == f"default_{name}"]
                    if expectation.emulator and not is_met(expectation.wanted, instance, mine):
                        problems.add(f"{name} runs, and after {now:.1f} s its status is {describe(instance)}")
                    if instance and phase(instance) == "Running" and not mine:
                        # One look is not enough: it may have ended between the two questions.
                        if still_runs_without_emulator(node, name):
                            problems.add(f"{name} has no QEMU, and after {now:.1f} s its status is {describe(instance)}")
            unmet = [
                name for name, expectation in expected.items()
                if not is_met(expectation.wanted, instances.get(name),
                              [e for e in emulators if e.domain == f"default_{name}"])]
            if not unmet:
                check_leftovers(node, expected, problems)
                return now
            if now > limit * PATIENCE:
                for name in unmet:
                    mine = [e for e in emulators if e.domain == f"default_{name}"]
                    problems.add(
                        f"{name} should {expected[name].wanted}, and after {now:.0f} s it is"
                        f" {describe(instances.get(name))}, QEMU {[e.pid for e in mine]}", lost=name)
                return now
        time.sleep(0.1)


def still_runs_without_emulator(node, name, limit=5):
    """Whether a status goes on saying that a VM runs that has no QEMU."""
    end = time.monotonic() + limit * PATIENCE
    while time.monotonic() < end:
        instance = node.api.get(name)
        if instance is None or phase(instance) != "Running" or [
                e for e in node.emulators() if e.domain == f"default_{name}"]:
            return False
        time.sleep(0.1)
    return True


def check_leftovers(node, expected, problems, limit=10):
    """Looks for what belongs to no VM that there is."""
    begin = time.monotonic()
    while True:
        instances = node.api.instances()
        uids = [i["metadata"]["uid"] for i in instances.values()]
        uuids = [uuid(i) for i in instances.values()]
        domains = [f"default_{name}" for name in instances]
        found = []
        for path in node.traces():
            name = path.rpartition("/")[2]
            folder = path.split("/")[-2]
            if name.startswith("."):
                found.append(path)
            elif folder in ("vms", "guests", "timelines"):
                if not any(name.startswith(uid) for uid in uids):
                    found.append(path)
            elif folder == "v":
                # Named by a hash: as many as there are VMs is all that can be told.
                continue
            elif not any(domain in name for domain in domains):
                found.append(path)
        sockets = [path for path in node.traces() if path.split("/")[-2] == "v"]
        if len(sockets) > len(instances):
            found.append(f"{len(sockets)} folders of sockets for {len(instances)} VMs")
        found += [repr(e) for e in node.emulators() if e.uuid not in uuids]
        found += [f"domain {d}" for d in node.domains() if d.startswith("default_x") and d not in domains]
        if not found:
            return
        if time.monotonic() - begin > limit * PATIENCE:
            for text in found:
                problems.add(f"left behind: {text}")
            return
        time.sleep(0.2)
