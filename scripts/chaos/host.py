"""Faults of the host: its clock, its memory, its boot, and what its CPU cannot do."""

import calendar
import mmap
import os
import shutil
import signal
import struct
import subprocess
import time

from checks import Expectation, is_met
from node import phase, start_time
from scene import write

LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases"
NODES = "/api/v1/nodes"
DAY = 86400


# The clock

class Clock:
    """The daemon's clock on the wall: clock.c, and the file that it reads."""

    def __init__(self, node):
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clock.c")
        library, path = f"{node.root}/clock.so", f"{node.root}/clock"
        compiler = shutil.which("cc") or shutil.which("clang")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
        with open(path, "wb") as file:
            file.write(bytes(8))
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 8)
        node.environment = {"LD_PRELOAD": library, "VIRT_NODE_CHAOS_CLOCK": path}

    @property
    def offset(self):
        return struct.unpack("=q", self.memory[:])[0]

    def jump(self, offset):
        self.memory[:] = struct.pack("=q", offset)

    def now(self):
        return time.time() + self.offset


def seconds_of(text):
    """The moment that a Kubernetes object names."""
    return calendar.timegm(time.strptime(text.rstrip("Z").partition(".")[0], "%Y-%m-%dT%H:%M:%S"))


def clock_jumps(scene):
    """The clock is set by days while VMs run, start and stop, and before a daemon starts."""
    node = scene.node
    if not (shutil.which("cc") or shutil.which("clang")):
        scene.say("    skipped: no C compiler here, by which the daemon's clock could be set")
        return
    clock = Clock(node)
    node.options += ["--set", "nodeLeaseSeconds=10"]
    node.start()
    node.wait_ready()
    scene.create("xa", "xb")
    for number, (offset, restarts) in enumerate(((DAY, False), (-DAY, True), (400 * DAY, True), (0, False))):
        jump(scene, clock, number, offset, restarts)
    # The Node is written once a minute.
    scene.wait("a heartbeat of the Node", lambda: abs(heartbeat(node) - clock.now()) < 75, 75)


clock_jumps.starts_itself = True


def jump(scene, clock, number, offset, restarts):
    """Sets the clock while one VM starts, and one that does not heed its power button stops."""
    node = scene.node
    stopping, starting, later = (f"x{kind}{number}" for kind in ("stop", "start", "later"))
    grace = 8
    node.api.create(scene.manifest(stopping, grace=grace, strategy="Paused"))
    scene.wait(f"{stopping} to be there", lambda: is_met("paused", node.api.get(stopping), scene.emulators(stopping)), 60)
    victim = scene.emulators(stopping)[0]
    node.api.create(scene.manifest(starting))
    node.api.delete(stopping)
    stopped = time.monotonic()
    time.sleep(1)
    clock.jump(offset)
    begin = time.monotonic()
    if restarts:
        node.kill()
        node.start()
        node.wait_ready()
    label = f"after the jump to {offset / DAY:+.0f} days"
    scene.expected[starting] = Expectation(Expectation.RUN)
    scene.gone(stopping)
    while time.monotonic() - stopped < grace - 1:
        if start_time(victim.pid) != victim.start:
            scene.problems.add(f"{label} a stop with {grace} s of grace ended after {time.monotonic() - stopped:.1f} s")
            break
        time.sleep(0.1)
    # The next daemon counts the grace anew.
    scene.wait(f"{label}: the end of a stop with {grace} s of grace", lambda: start_time(victim.pid) != victim.start,
               2 * grace + 5 - (time.monotonic() - stopped))
    scene.settle(begin)
    check_lease(scene, clock, label)
    made = scene.node.api.create(scene.manifest(later))
    lag = seconds_of(made["metadata"]["creationTimestamp"]) - clock.now()
    scene.check(abs(lag) < 5, f"{label} a new VMI was created {lag:.0f} s away from now: the clock was not set")
    scene.expected[later] = Expectation(Expectation.RUN)
    scene.settle()
    for name in (starting, later):
        node.api.delete(name)
        scene.gone(name)
    scene.settle()


def check_lease(scene, clock, label):
    """The node goes on saying that it lives, by its new clock."""
    path = f"{LEASES}/virt-node-{scene.node.name}"
    before = scene.node.api.call("GET", path)["spec"]["renewTime"]
    scene.wait(f"{label}: the node's Lease to be renewed",
               lambda: scene.node.api.call("GET", path)["spec"]["renewTime"] != before, 10)
    renewed = seconds_of(scene.node.api.call("GET", path)["spec"]["renewTime"])
    scene.check(abs(renewed - clock.now()) < 15, f"{label} the Lease was renewed {clock.now() - renewed:.0f} s ago")


def heartbeat(node):
    annotations = node.api.call("GET", f"{NODES}/{node.name}")["metadata"].get("annotations", {})
    return seconds_of(annotations["kubevirt.io/heartbeat"]) if "kubevirt.io/heartbeat" in annotations else 0


# Memory

class MemoryLimit:
    """A memory cgroup of our own, of either version."""

    def __init__(self, name, limit):
        self.path = None
        for root, limits in (("/sys/fs/cgroup/memory", {"memory.limit_in_bytes": limit}),
                             ("/sys/fs/cgroup", {"memory.max": limit, "memory.swap.max": 0, "memory.oom.group": 1})):
            if not os.path.exists(f"{root}/cgroup.procs"):
                continue
            path = f"{root}/{name}"
            try:
                if "memory.max" in limits and "memory" not in open(f"{root}/cgroup.subtree_control").read().split():
                    with open(f"{root}/cgroup.subtree_control", "w") as file:
                        file.write("+memory")
                os.mkdir(path)
            except OSError:
                continue
            try:
                for file, value in limits.items():
                    # Without swap there is no file to forbid it.
                    if file.startswith(("memory.limit", "memory.max")) or os.path.exists(f"{path}/{file}"):
                        self.put(f"{path}/{file}", value)
                self.path = path
                return
            except OSError:
                os.rmdir(path)

    @staticmethod
    def put(path, value):
        with open(path, "w") as file:
            file.write(str(value))

    def take(self, pid):
        self.put(f"{self.path}/cgroup.procs", pid)

    def remove(self):
        for _ in range(50):
            try:
                return os.rmdir(self.path)
            except OSError:
                time.sleep(0.1)


def qemu_out_of_memory(scene):
    """The kernel ends a QEMU for want of memory, while its guest boots."""
    scene.create("xa")
    limit = MemoryLimit(f"vnx-{os.getpid()}", 48 << 20)
    if not limit.path:
        scene.say("    skipped: no memory cgroup can be made here")
        return
    try:
        scene.node.api.create(scene.manifest("xb"))
        scene.wait("xb's QEMU", lambda: is_met("run", scene.node.api.get("xb"), scene.emulators("xb")), 60)
        victim = scene.emulators("xb")[0]
        limit.take(victim.pid)
        scene.wait("the kernel to end QEMU", lambda: start_time(victim.pid) != victim.start, 60)
        took = scene.wait("the status to say so", lambda: phase(scene.node.api.get("xb")) == "Failed")
        text = " ".join(c.get("message", "") for c in scene.node.api.get("xb")["status"].get("conditions", []))
        scene.check("QEMU" in text and "guest powered off" not in text,
                    f"the status does not say what became of QEMU: {scene.status('xb')}")
        if took is not None:
            scene.say(f"    {took:.1f} s after it: {scene.status('xb')}")
        scene.expected["xb"] = Expectation(Expectation.ENDED)
        scene.settle()
        scene.create("xc")
        scene.node.api.delete("xb")
        scene.gone("xb")
        scene.settle()
    finally:
        scene.node.remove_machines()
        limit.remove()


# The CPU

def emulation_forbidden(scene):
    """Where emulation may not stand in for KVM, a VMI that needs KVM says so; one that does not runs."""
    node = scene.node
    node.options += ["--set", "emulation=forbidden", "--set", "accelerator=emulation"]
    node.start()
    node.wait_ready()
    scene.create("xa")
    wanting = scene.manifest("xb")
    wanting["spec"]["domain"]["cpu"] = {"model": "host-passthrough"}
    node.api.create(wanting)
    scene.wait("the status to name the field", lambda: "spec.domain.cpu.model" in scene.status("xb")
               and "emulation" in scene.status("xb"), 2)
    scene.say(f"    {scene.status('xb')}")
    scene.holds_for(4, "it does not start", lambda: not scene.emulators("xb")
                    and phase(node.api.get("xb")) not in ("Running", "Succeeded"))
    node.kill()
    node.start()
    node.wait_ready()
    scene.wait("the next daemon to say the same", lambda: "spec.domain.cpu.model" in scene.status("xb"), 5)
    node.api.delete("xb")
    scene.gone("xb")
    scene.settle()


emulation_forbidden.starts_itself = True


# The boot

class Reboot:
    """What a boot does, as far as a daemon sees it: QEMU and /run are gone, and the kernel's boot has another name."""

    def __init__(self, node, keeps_run):
        self.node = node
        self.keeps_run = keeps_run

    def __call__(self):
        node = self.node
        if node.daemon.poll() is None:
            node.kill()
        for emulator in node.emulators():
            os.kill(emulator.pid, signal.SIGKILL)
        while node.emulators():
            time.sleep(0.05)
        if not self.keeps_run:
            shutil.rmtree(f"{node.root}/run")
        write(f"{node.root}/boot_id", f"{os.urandom(4).hex()}-0000-4000-8000-{os.urandom(6).hex()}\n")
        # Seen by the daemon, and by nobody else.
        script = 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"'
        node.wrapper = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, f"{node.root}/boot_id"]
        node.start()


def host_booted(scene):
    """VMs that ran start again; what had ended stays ended."""
    for keeps_run in (False, True):
        scene.create("xa", "xb")
        scene.create("xc", arguments="hello.poweroff=1")
        scene.wait("xc to end", lambda: phase(scene.node.api.get("xc")) == "Succeeded", 240)
        scene.expected["xc"] = Expectation(Expectation.ENDED)
        scene.node.api.create(scene.manifest("xd", strategy="Paused"))
        scene.expected["xd"] = Expectation(Expectation.PAUSED)
        scene.settle()
        Reboot(scene.node, keeps_run)()
        begin = time.monotonic()
        scene.node.wait_ready()
        for name in ("xa", "xb"):
            scene.expected[name] = Expectation(Expectation.RUN)
        scene.settle(begin)
        scene.say(f"    {'with' if keeps_run else 'without'} what was in /run all ran {time.monotonic() - begin:.1f} s later")
        scene.check(phase(scene.node.api.get("xc")) == "Succeeded", f"after the boot xc is {scene.status('xc')}")
        for name in ("xa", "xb", "xc", "xd"):
            scene.node.api.delete(name)
            scene.gone(name)
        scene.settle()


def last_known_state_after_boot(scene):
    """The host boots while the API is away: what should run starts from what was last known."""
    for keeps_run in (False, True):
        scene.create("xa", "xb")
        scene.node.api.delete("xb")
        scene.gone("xb")
        scene.settle()
        scene.create("xc", arguments="hello.poweroff=1")
        scene.wait("xc to end", lambda: phase(scene.node.api.get("xc")) == "Succeeded", 240)
        scene.expected["xc"] = Expectation(Expectation.ENDED)
        scene.settle()
        scene.proxy.faults.refuses = True
        Reboot(scene.node, keeps_run)()
        begin = time.monotonic()
        # 30 s are what the API is waited for.
        took = scene.wait("xa to start without the API", lambda: scene.emulators("xa"), 50)
        if took is not None:
            scene.say(f"    {'with' if keeps_run else 'without'} what was in /run it started {took:.1f} s after the daemon")
        scene.check(not scene.emulators("xb") and not scene.emulators("xc"), "what was deleted or had ended started too")
        time.sleep(5)
        scene.proxy.faults.reset()
        begin = time.monotonic()
        scene.expected["xa"] = Expectation(Expectation.RUN, emulator=(scene.emulators("xa") or [None])[0])
        scene.settle(begin)
        for name in ("xa", "xc"):
            scene.node.api.delete(name)
            scene.gone(name)
        scene.settle()
