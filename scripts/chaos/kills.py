"""kill -9 of the daemon at random moments of starts, stops, restarts and deletions."""

import random
import time

from checks import Expectation, Problems, settle
from node import Refused, condition, manifest, phase, uuid

SLOTS = 6


class Kills:
    """Keeps a few VMs coming and going, kills the daemon in between, and looks what became of them.

    A round: some VMs are created, deleted, restarted or paused; the daemon is killed at a moment that the seed chose, and
    perhaps once more while it recovers; then everything must come to what was asked for.
    """

    def __init__(self, node, seed, evidence, say):
        self.node = node
        self.random = random.Random(seed)
        self.seed = seed
        self.evidence = evidence
        self.say = say
        self.expected = {}
        self.kills = 0
        self.lost = 0
        self.problems = 0
        self.rounds = 0
        self.settled = []
        self.ready = []
        self.serial = 0

    def run(self, kills):
        self.node.start()
        self.node.wait_ready()
        while self.kills < kills:
            self.round(kills)
        self.finish()

    def round(self, kills):
        self.rounds += 1
        problems = Problems()
        before = self.running()
        changes = self.change()
        wait = self.random.choice((0.15, 0.6, 1.5, 4)) * self.random.random()
        time.sleep(wait)
        moments = [f"{wait:.2f}"]
        self.node.kill()
        self.kills += 1
        while self.kills < kills and self.random.random() < 0.35:
            self.node.start()
            wait = self.random.choice((0.3, 1, 2)) * self.random.random()
            time.sleep(wait)
            moments.append(f"{wait:.2f}")
            self.node.kill()
            self.kills += 1
        alive = {e.uuid: e for e in self.node.emulators()}
        begin = time.monotonic()
        self.node.start()
        self.ready.append(self.node.wait_ready())
        self.expect(before, changes, alive, problems)
        took = settle(self.node, self.expected, problems, begin)
        self.settled.append(took)
        if problems:
            self.problems += 1
            self.lost += len(problems.lost)
            self.say(f"round {self.rounds}, seed {self.seed}: killed after {' '.join(moments)} s of {changes}")
            for text in problems.found:
                self.say(f"    {text}")
            self.node.keep_evidence(f"{self.evidence}/round-{self.rounds}")
            self.recover()
        elif self.rounds % 10 == 0:
            self.say(f"{self.kills} kills, {self.rounds} rounds, {self.lost} VMs lost; settled in {took:.1f} s")

    def running(self):
        """The VMs that run for sure, with their QEMUs."""
        alive = {e.uuid: e for e in self.node.emulators()}
        found = {}
        for name, instance in self.node.api.instances().items():
            emulator = alive.get(uuid(instance))
            if phase(instance) == "Running" and emulator:
                found[name] = (instance["metadata"]["uid"], emulator)
        return found

    def change(self):
        """Asks for a few changes at once, and returns them by name."""
        changes = {}
        for index in self.random.sample(range(SLOTS), self.random.randint(1, 3)):
            name = f"x{index}"
            now = self.expected.get(name)
            if now is None or now.wanted == Expectation.GONE:
                kind = self.random.choice(("plain", "plain", "disk", "graceful", "paused", "web", "poweroff"))
                changes[name] = f"create {kind}"
                self.ask(lambda: self.node.api.create(self.manifest(name, kind)))
            elif now.wanted in (Expectation.ENDED, Expectation.RUN_OR_END):
                changes[name] = "delete"
                self.ask(lambda: self.node.api.delete(name))
            else:
                verb = self.random.choice(("delete", "delete", "replace", "restart", "pause", "kill"))
                if verb == "pause" and now.wanted == Expectation.PAUSED:
                    verb = "unpause"
                changes[name] = verb
                if verb in ("delete", "replace"):
                    self.ask(lambda: self.node.api.delete(name))
                elif verb == "kill":
                    changes[name] = "stop"
                    self.ask(lambda: self.node.api.command(name, "stop", {"gracePeriod": self.random.choice((0, 2))}))
                else:
                    self.ask(lambda: self.node.api.command(name, verb))
                if verb == "replace":
                    # The same name at once: refused until the predecessor is gone, which is at times soon enough.
                    self.ask(lambda: self.node.api.create(self.manifest(name, "plain")))
        return changes

    def ask(self, body):
        try:
            body()
        except (Refused, ConnectionError):
            pass

    def manifest(self, name, kind):
        options = {}
        if kind == "disk":
            options["devices"] = {"disks": [{"name": "scratch", "disk": {"bus": "virtio"}}]}
            options["volumes"] = [{"name": "scratch", "emptyDisk": {"capacity": "16Mi"}}]
        elif kind == "graceful":
            options["grace"] = 6
        elif kind == "paused":
            options["strategy"] = "Paused"
        elif kind == "web":
            options["devices"] = {"interfaces": [{"name": "default", "masquerade": {}, "ports": [{"port": 8080}]}]}
            options["networks"] = [{"name": "default", "pod": {}}]
        elif kind == "poweroff":
            options["arguments"] = "hello.poweroff=1"
        self.serial += 1
        return manifest(name, labels={"kind": kind}, **options)

    def expect(self, before, changes, alive, problems):
        """What should be, by what the API kept of the changes."""
        instances = self.node.api.instances()
        # Restarts last: to wait for one takes longer than a status may, of which others are asked afterwards.
        for name in sorted(set(self.expected) | set(changes) | set(instances), key=lambda n: changes.get(n) == "restart"):
            instance = instances.get(name)
            if instance is None or instance["metadata"].get("deletionTimestamp"):
                if name in before and name not in changes:
                    problems.add(f"{name}: its VMI is gone, and nobody deleted it", lost=name)
                self.expected[name] = Expectation(Expectation.GONE)
                continue
            uid = instance["metadata"]["uid"]
            kind = instance["metadata"]["labels"].get("kind")
            change = changes.get(name, "")
            ended = phase(instance) in ("Succeeded", "Failed")
            old = self.expected.get(name)
            emulator = None
            if kind == "poweroff":
                wanted = Expectation.RUN_OR_END
            elif ended and change == "stop":
                wanted = Expectation.ENDED
            elif change == "stop":
                # Whether it was heard is not known: both ends are right.
                wanted = Expectation.ENDED
                self.ask(lambda: self.node.api.command(name, "stop", {"gracePeriod": 0}))
            elif old and old.uid == uid and old.wanted == Expectation.ENDED:
                wanted = Expectation.ENDED
            else:
                wanted = Expectation.RUN
                if change in ("pause", "unpause"):
                    self.make_certain(name, change)
                    wanted = Expectation.PAUSED if change == "pause" else Expectation.RUN
                elif change == "restart":
                    # A guest that starts anew is paused where its VMI says so, whatever it was before.
                    wanted = None
                elif old and old.uid == uid:
                    wanted = old.wanted
                elif kind == "paused":
                    wanted = Expectation.PAUSED
                runs = alive.get(uuid(instance))
                if change in ("", "pause", "unpause") and runs:
                    if name in before and before[name][0] == uid:
                        emulator = before[name][1]
                    elif phase(instance) == "Running":
                        emulator = runs
                if change in ("", "pause", "unpause") and name in before and not runs:
                    problems.add(f"{name}: its QEMU {before[name][1].pid} ended with the daemon", lost=name)
                if change == "restart":
                    self.after_restart(name, before.get(name))
                    current = self.node.api.get(name)
                    wanted = Expectation.PAUSED if condition(current, "Paused") == "True" else Expectation.RUN
            self.expected[name] = Expectation(wanted, uid, emulator)

    def make_certain(self, name, verb):
        """Repeats a command that may have been lost with the daemon, until it is taken, or says that it was."""
        for _ in range(150):
            try:
                self.node.api.command(name, verb)
                return
            except Refused as refusal:
                if "already" in str(refusal) or "is not paused" in str(refusal):
                    return
            except ConnectionError:
                pass
            time.sleep(0.2)

    def after_restart(self, name, before):
        """Waits until a restarted VM runs again: paused it may be, ended never.

        A restart that was heard may take the whole grace period; whether it was heard before the kill is not known.
        """
        begin = time.monotonic()
        end = begin + 60
        while time.monotonic() < end:
            instance = self.node.api.get(name)
            if instance is None or phase(instance) in ("Succeeded", "Failed"):
                return
            mine = [e for e in self.node.emulators() if e.uuid == uuid(instance)]
            is_old = before and mine and mine[0].key == before[1].key and time.monotonic() - begin < 15
            if phase(instance) == "Running" and len(mine) == 1 and not is_old:
                time.sleep(1)
                if phase(self.node.api.get(name)) == "Running":
                    return
            time.sleep(0.2)

    def recover(self):
        """Gives up all VMs, so that one loss is counted once."""
        if self.node.daemon.poll() is None:
            self.node.kill()
        name, libvirt = self.node.name, self.node.libvirt
        fresh = type(self.node)(self.node.program, self.guest, libvirt, options=self.node.options, name=name)
        self.node.remove()
        self.node = fresh
        self.expected = {}
        self.node.start()
        self.node.wait_ready()

    guest = None

    def finish(self):
        """Deletes all VMs: nothing may be left."""
        problems = Problems()
        for name in list(self.node.api.instances()):
            self.ask(lambda: self.node.api.delete(name))
        expected = {name: Expectation(Expectation.GONE) for name in self.expected}
        settle(self.node, expected, problems, time.monotonic())
        if problems:
            self.problems += 1
            self.lost += len(problems.lost)
            for text in problems.found:
                self.say(f"at the end: {text}")
            self.node.keep_evidence(f"{self.evidence}/end")
