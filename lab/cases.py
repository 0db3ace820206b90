"""The cases of the lab: each does to real kernel interfaces what users do, and returns what it read as evidence.

CPUs 0-3 are node 0's, 4-7 node 1's; 0-2 are reserved, so that a VM with two dedicated CPUs or more goes to node 1.
"""

import os
import re
import subprocess
import time

from host import (Failed, PCI, SYSTEM_NODES, check, cpu_set, driver, find_pci, free_pages, listed, node_cpus, phase, read,
                  sentence, write)

DISPLAY, NIC, DRIVE, BOARD, NEIGHBOUR = "1234:1111", "1af4:1041", "1b36:0010", "1234:11e8", "10ec:8139"
RESERVED = ("cpus.reserved=0-2",)
DEDICATED = {"dedicatedCpuPlacement": True}
NIC_DRIVER = "virtio-pci"
CASES = []


def case(core=False, devices=False, host="default"):
    """Says which host a case needs, whether CI runs it, and whether it gives devices to VMs."""
    def register(function):
        function.core, function.devices, function.host = core, devices, host
        CASES.append(function)
        return function
    return register


def dedicated(cores, numa=False, **more):
    cpu = {"cores": cores, **DEDICATED, **more}
    if numa:
        cpu["numa"] = {"guestMappingPassthrough": {}}
    return cpu


def threads_by_books(lab, name):
    """Checks each thread of a VM with dedicated CPUs against the books; what its threads may run on."""
    vcpus, emulator, io = lab.own_cpus(name)
    emulator = emulator or lab.shared_cpus()
    seen = []
    for thread in lab.threads(name):
        wanted = {vcpus[thread.vcpu]} if thread.vcpu in vcpus else io or emulator if thread.is_io else emulator
        if thread.vcpu is not None and thread.vcpu not in vcpus:
            wanted = lab.shared_cpus()
        check(thread.cpus == wanted, f"thread {thread.name} may run on {listed(thread.cpus)}, the books say {listed(wanted)}")
        seen.append(thread)
    check({t.vcpu for t in seen if t.vcpu is not None} >= set(vcpus), f"not all vCPUs have threads: {seen}")
    words = [f"vCPU {t.vcpu} on {listed(t.cpus)}" for t in sorted(seen, key=lambda t: (t.vcpu is None, t.vcpu or 0))
             if t.vcpu is not None]
    others = [t for t in seen if t.is_emulator]
    words.append(f"{len(others)} emulator threads on {listed(set().union(*(t.cpus for t in others)))}")
    words += [f"{t.name} on {listed(t.cpus)}" for t in seen if t.is_io]
    return ", ".join(words)


# CPUs

@case(core=True)
def dedicated_cpus(lab):
    """vCPUs, emulator and I/O threads each run where the books say, on node 1."""
    lab.start("vm", boots=True, cpu=dedicated(2, isolateEmulatorThread=True),
              domain={"ioThreadsPolicy": "supplementalPool", "ioThreads": {"supplementalPoolThreadCount": 1}})
    evidence = threads_by_books(lab, "vm")
    vcpus, emulator, io = lab.own_cpus("vm")
    own = set(vcpus.values()) | emulator | io
    check(len(own) == 4, f"the VM has {listed(own)}, not four CPUs of its own")
    check(own <= node_cpus(1), f"the VM has {listed(own)}, and node 1 has {listed(node_cpus(1))}")
    facts = lab.facts("vm")
    check(facts.cpus == 2, f"the guest sees {facts.cpus} CPUs")
    return f"{evidence}; the guest counts {facts.cpus} CPUs"


@case()
def kept_off(lab):
    """A VM without dedicated CPUs is moved off those that another gets, and back when that goes."""
    lab.start("plain")
    everywhere = set(range(8))

    def spread():
        return set().union(*(t.cpus for t in lab.threads("plain"))) if lab.emulator("plain") else set()
    before = lab.wait("the first VM to be placed", spread)
    check(before == everywhere, f"alone, it may run on {listed(before)}")
    lab.start("vm", cpu=dedicated(2))
    vcpus, _, _ = lab.own_cpus("vm")
    held = set(vcpus.values())
    lab.wait(f"all threads to leave {listed(held)}", lambda: spread() == everywhere - held, 20)
    during = spread()
    lab.start("late")
    check(all(t.cpus == everywhere - held for t in lab.threads("late")),
          f"a VM that came later runs on {[(t.name, listed(t.cpus)) for t in lab.threads('late')]}")
    lab.delete("vm")
    lab.wait("the CPUs to be lent again", lambda: spread() == everywhere, 20)
    return f"before {listed(before)}; with {listed(held)} held {listed(during)}, a later VM too; after it {listed(spread())}"


@case(core=True)
def emulator_elsewhere(lab):
    """The emulator is pinned to node 0 while the memory is preallocated on node 1."""
    lab.start("vm", memory="128Mi", pages=True, cpu=dedicated(4, numa=True, isolateEmulatorThread=True))
    vcpus, emulator, _ = lab.own_cpus("vm")
    check(set(vcpus.values()) <= node_cpus(1), f"the vCPUs are on {listed(vcpus.values())}")
    check(emulator and emulator <= node_cpus(0), f"the emulator is on {listed(emulator)}, which is no CPU of node 0")
    evidence = threads_by_books(lab, "vm")
    check(not lab.said_by_daemon("Setting CPU affinity failed"), "QEMU could not place its preallocation threads")
    return f"{evidence}; memory of node 1"


@case()
def emulator_shared(lab):
    """The same without a CPU of the emulator's own: fixed pools leave it nothing but node 0."""
    lab.serve("cpus.reserved=0", "cpus.dedicated=4-7", "cpus.shared=0-3")
    before = free_pages()
    lab.start("vm", memory="128Mi", pages=True, cpu=dedicated(2, numa=True))
    during = free_pages()
    check(before[1] - during[1] == 64, f"free pages went from {before} to {during}")
    evidence = threads_by_books(lab, "vm")
    check("on 0,1,2,3" in evidence, f"the emulator is not on the shared CPUs: {evidence}")
    return f"{evidence}; pages of node 1 {before[1]} → {during[1]}"


@case()
def shared_vcpus(lab):
    """Annotation virt-node.io/shared-vcpus: one vCPU dedicated, the other not."""
    lab.start("vm", cpu=dedicated(2), annotations={"virt-node.io/shared-vcpus": "1"})
    vcpus, _, _ = lab.own_cpus("vm")
    check(set(vcpus) == {0}, f"the books give {vcpus}")
    by_vcpu = {t.vcpu: t.cpus for t in lab.threads("vm")}
    check(len(by_vcpu[0]) == 1 and not by_vcpu[0] & by_vcpu[1], f"the vCPUs run on {by_vcpu}")
    return threads_by_books(lab, "vm")


@case()
def realtime(lab):
    """The vCPUs of the mask are scheduled before all else (SCHED_FIFO), the others are not."""
    lab.start("vm", memory="128Mi", pages=True, cpu=dedicated(2, numa=True, realtime={"mask": "1"}))
    policies = {t.vcpu: (t.policy, t.priority) for t in lab.threads("vm") if t.vcpu is not None}
    check(policies[1][0] == 1 and policies[1][1] > 0, f"vCPU 1 has policy and priority {policies[1]}, not SCHED_FIFO")
    check(policies[0][0] == 0, f"vCPU 0, which the mask leaves out, has {policies[0]}")
    return f"vCPU 1 SCHED_FIFO {policies[1][1]}, vCPU 0 SCHED_OTHER"


@case()
def cpu_offline(lab):
    """A host CPU is taken offline: nobody is given it, and it comes back into the books."""
    switch = "/sys/devices/system/cpu/cpu5/online"
    try:
        write(switch, "0")
        lab.start("vm", cpu=dedicated(3))
        vcpus, _, _ = lab.own_cpus("vm")
        check(set(vcpus.values()) == {4, 6, 7}, f"the VM got {listed(vcpus.values())} while CPU 5 is offline")
        evidence = threads_by_books(lab, "vm")
        lab.create("late", cpu=dedicated(2))
        said = lab.refusal("late", r"needs 2 dedicated CPUs")
        write(switch, "1")
        # Who waits is not told of CPUs; a deletion and a new start are.
        lab.running("late", 90)
        late, _, _ = lab.own_cpus("late")
        check(5 in late.values(), f"CPU 5 is back, and the next VM got {listed(late.values())}")
    finally:
        write(switch, "1")
    return f"{evidence}; refused: {sentence(said, 'needs .*?:')} then CPU 5 online: {listed(late.values())}"


@case()
def held_cpu_offline(lab):
    """The CPU of a VM that runs is taken offline, and comes back."""
    emulator = lab.start("vm", cpu=dedicated(2))
    vcpus, _, _ = lab.own_cpus("vm")
    victim = vcpus[1]
    switch = f"/sys/devices/system/cpu/cpu{victim}/online"
    try:
        write(switch, "0")
        lab.create("late", cpu=dedicated(3))
        lab.running("late")
        late, _, _ = lab.own_cpus("late")
        check(not set(late.values()) & set(vcpus.values()), f"{listed(late.values())} given, {listed(vcpus.values())} held")
        lab.kill_and_restart()
        check(lab.emulator("vm").key == emulator.key, "the VM did not live on")
        check(lab.own_cpus("vm")[0] == vcpus, f"after adoption the books say {lab.own_cpus('vm')[0]}, not {vcpus}")
    finally:
        write(switch, "1")
    stray = {t.vcpu: t.cpus for t in lab.threads("vm")}[1]
    check(stray <= {victim} | lab.shared_cpus(), f"the vCPU of the lost CPU runs on {listed(stray)}")
    return f"CPU {victim} of vCPU 1 went and came back: same QEMU, books unchanged, the other VM has {listed(late.values())}, vCPU 1 on {listed(stray)}"


@case()
def idle_cpus(lab):
    """CPUs of the dedicated pool are offline while nobody holds them, and online before a VM gets them."""
    def online():
        return cpu_set(read("/sys/devices/system/cpu/online"))

    def sleep(wanted):
        lab.wait(f"only CPUs {listed(wanted)} to be online", lambda: online() == wanted, 60)
    shared = {0, 1, 2, 3}
    lab.serve("cpus.reserved=0", "cpus.dedicated=4-7", "cpus.shared=0-3", "cpus.idle=offline")
    sleep(shared)
    emulator = lab.start("vm", cpu=dedicated(2))
    held = set(lab.own_cpus("vm")[0].values())
    check(held <= online(), f"the VM has CPUs {listed(held)}, online are {listed(online())}")
    evidence = threads_by_books(lab, "vm")
    sleep(shared | held)
    lab.kill_and_restart()
    sleep(shared | held)
    check(lab.emulator("vm").key == emulator.key, "the VM did not live on")
    check(set(lab.own_cpus("vm")[0].values()) == held, f"the VM had {listed(held)}, now {lab.own_cpus('vm')[0]}")
    threads_by_books(lab, "vm")
    lab.start("late", cpu=dedicated(2))
    check(online() == set(range(8)), f"all are held, online are {listed(online())}")
    lab.delete("vm", "late")
    sleep(shared)
    lab.serve(*RESERVED)
    check(online() == set(range(8)), f"the daemon ended, and only {listed(online())} are online")
    return f"online 0-3 → {listed(shared | held)} with a VM ({evidence}), also after kill -9 → 0-7 with two → 0-3 → 0-7 at the daemon's end"


@case(host="isolated")
def isolated_cpus(lab):
    """CPUs that the kernel keeps from its scheduler are the pool of dedicated ones, and nobody else's."""
    lab.serve()
    isolated = cpu_set(read("/sys/devices/system/cpu/isolated"))
    check(isolated == {5, 6, 7}, f"the kernel isolates {listed(isolated)}")
    lab.start("plain")
    used = set().union(*(t.cpus for t in lab.threads("plain")))
    check(not used & isolated, f"a VM without dedicated CPUs may run on {listed(used)}")
    lab.start("vm", cpu=dedicated(2))
    vcpus, _, _ = lab.own_cpus("vm")
    check(set(vcpus.values()) <= isolated, f"the VM got {listed(vcpus.values())}")
    return f"isolated {listed(isolated)}; {threads_by_books(lab, 'vm')}; a VM without on {listed(used)}"


# Memory

@case()
def pages_of_one_node(lab):
    """Hugepages come from the node of the CPUs alone, and all come back."""
    before = free_pages()
    lab.start("vm", boots=True, memory="128Mi", pages=True, cpu=dedicated(2, numa=True))
    during = free_pages()
    check((before[0] - during[0], before[1] - during[1]) == (0, 64), f"free pages went from {before} to {during}")
    facts = lab.facts("vm")
    check(len(facts.nodes) == 1, f"the guest sees nodes {facts.nodes}")
    lab.delete("vm")
    lab.wait("all pages to be back", lambda: free_pages() == before, 10)
    return f"free pages of nodes 0 and 1: {before[0]}+{before[1]} → {during[0]}+{during[1]} → {free_pages()[0]}+{free_pages()[1]}"


@case()
def guest_numa(lab):
    """A VM over both nodes: its own /sys has two cells, each with memory of the node that its CPUs are of."""
    lab.start("holder", cpu=dedicated(2))
    before = free_pages()
    lab.start("vm", boots=True, memory="256Mi", pages=True, cpu=dedicated(3, numa=True))
    during = free_pages()
    taken = tuple(b - d for b, d in zip(before, during))
    check(taken == (64, 64), f"pages taken of each node: {taken}")
    vcpus, _, _ = lab.own_cpus("vm")
    facts = lab.facts("vm")
    check(len(facts.nodes) == 2, f"the guest sees nodes {facts.nodes}")
    told = set().union(*(cpus for cpus, _, _ in facts.nodes.values()))
    check(told == set(vcpus), f"the guest's nodes have CPUs {listed(told)} in all, the VM has {listed(vcpus)}")
    for guest_node, (cpus, _, _) in facts.nodes.items():
        hosts = {vcpus[cpu] for cpu in cpus}
        check(hosts <= node_cpus(guest_node), f"guest node {guest_node} has vCPUs on {listed(hosts)}")
    check(facts.nodes[0][2] == "10,21", f"the guest's distances are {facts.nodes[0][2]}, the host's 10,21")
    told = "; ".join(f"node {n} cpus {listed(c)} {m} MiB distance {d}" for n, (c, m, d) in sorted(facts.nodes.items()))
    return f"guest: {told}; vCPU=CPU {vcpus}; pages taken {taken[0]}+{taken[1]}"


@case(core=True)
def pages_exhausted(lab):
    """A shortage of pages names cell and number; the VM starts by itself once another frees them."""
    lab.start("first", memory="400Mi", pages=True, cpu=dedicated(2, numa=True))
    lab.create("second", memory="400Mi", pages=True, cpu=dedicated(2, numa=True))
    said = lab.refusal("second", r"cell \d lacks \d+ pages? of 2Mi")
    lab.delete("first")
    begin = time.monotonic()
    lab.running("second", 120)
    check(free_pages()[1] == 56, f"free pages are {free_pages()}")
    return f"refused: {sentence(said, 'default/second: .*?:')} started by itself {time.monotonic() - begin:.0f} s after the other went"


@case()
def pages_of_others(lab):
    """Pages that another program took are not promised, though the books know nothing of it."""
    # The kernel's own accounting: a file in hugetlbfs, on node 1.
    # 26 are left, and no VM of 100 pages over two nodes fits.
    folder = "/dev/hugepages/lab"
    os.makedirs(folder, exist_ok=True)
    holder = subprocess.Popen(
        ["numactl", "--membind=1", "python3", "-c", "import mmap, os, sys\n"
         f"f = os.open('{folder}/held', os.O_CREAT | os.O_RDWR)\nos.ftruncate(f, 230 << 21)\n"
         "m = mmap.mmap(f, 230 << 21)\nfor i in range(230): m[i << 21] = 1\nprint('held', flush=True)\nsys.stdin.read()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        check(holder.stdout.readline() == "held\n", "the pages could not be taken")
        lab.create("vm", memory="200Mi", pages=True, cpu=dedicated(2, numa=True))
        said = lab.refusal("vm", r"cell \d lacks \d+ pages? of 2Mi \(needs \d+, 26 are free\)")
    finally:
        holder.stdin.close()
        holder.wait()
        os.unlink(f"{folder}/held")
    lab.running("vm", 120)
    return f"230 of node 1 held by another program: {sentence(said, 'default/vm: .*?:')} started once they were back"


@case(core=True)
def memory_exhausted(lab):
    """More memory than the node has is refused with the numbers, before anything is started."""
    lab.create("vm", memory="8Gi")
    said = lab.refusal("vm", r"needs \d+ MiB", r"\d+ MiB for VMs|MiB .*not promised")
    return sentence(said, r"needs \d+ MiB.*?promised yet")


@case()
def overcommit(lab):
    """What is promised counts, not what is used: the second of two that do not fit together waits for the first."""
    budget = lab.books()["memoryBudget"] >> 20
    half = budget // 2 + 100
    lab.start("first", memory=f"{half}Mi")
    lab.create("second", memory=f"{half}Mi")
    said = lab.refusal("second", r"needs \d+ MiB")
    lab.delete("first")
    lab.running("second")
    return f"{half} MiB twice of {budget} MiB: {sentence(said, r'needs [0-9]+ MiB.*?promised yet')}; started once the first was gone"


@case()
def oom_order(lab):
    """The kernel ends a VM without dedicated CPUs before one with them."""
    plain, pinned = lab.start("plain"), lab.start("vm", cpu=dedicated(2))
    score = {name: int(read(f"/proc/{e.pid}/oom_score_adj")) for name, e in (("plain", plain), ("pinned", pinned))}
    check(score["pinned"] == -997 and 2 <= score["plain"] <= 999, f"oom_score_adj is {score}")
    return f"oom_score_adj {score['plain']} without dedicated CPUs, {score['pinned']} with"


@case()
def overhead(lab):
    """QEMU needs no more beside the guest's memory than the books bill, with all that a usual VM has."""
    guest = 256
    emulator = lab.start("vm", boots=True, memory=f"{guest}Mi", cpu={"cores": 2}, devices={
        "autoattachPodInterface": True, "autoattachGraphicsDevice": True, "rng": {}})
    lab.facts("vm")
    own, shared, used = resident_mebibytes(emulator.pid, guest)
    billed = lab.holding("vm")["memory"] / (1 << 20) - guest
    told = (f"2 vCPUs, {guest} MiB: {own:.0f} MiB of QEMU's own and {shared:.0f} of its files beside the guest's {used:.0f},"
            f" billed {billed:.0f}")
    check(own <= billed, told)
    return told


def resident_mebibytes(pid, guest_mebibytes):
    """What of a QEMU is in memory: its own, what all QEMUs share (files), and the guest's."""
    own = shared = guest = size = 0
    is_file = False
    for line in read(f"/proc/{pid}/smaps").splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            is_file = "/" in line and "memfd" not in line
        key, _, rest = line.partition(":")
        if key == "Size":
            size = int(rest.split()[0])
        elif key == "Private_Dirty" and size != guest_mebibytes << 10:
            own += int(rest.split()[0])
        elif key == "Rss":
            if size == guest_mebibytes << 10:
                guest += int(rest.split()[0])
            elif is_file:
                shared += int(rest.split()[0])
    return own / 1024, shared / 1024, guest / 1024


# The daemon and the processor

@case(core=True)
def adoption(lab):
    """kill -9 of the daemon: QEMU lives on, and a new VM is not given what an old one holds."""
    first = lab.start("vm", memory="128Mi", pages=True, cpu=dedicated(2, numa=True))
    before = lab.holding("vm")
    begin = time.monotonic()
    lab.kill_and_restart()
    took = time.monotonic() - begin
    lab.wait("the books to know the VM", lambda: lab.holding("vm"), 60)
    check(lab.holding("vm") == before, f"the books said {before}, and say {lab.holding('vm')}")
    check(lab.emulator("vm").key == first.key, "QEMU is another one")
    lab.start("late", cpu=dedicated(3))
    held, given = (set(lab.own_cpus(name)[0].values()) for name in ("vm", "late"))
    check(not held & given, f"{listed(held)} is held, and {listed(given)} was given")
    lab.delete("vm")
    lab.wait("all to be free", lambda: free_pages() == (256, 256), 10)
    return f"QEMU {first.pid} lives, {listed(held)} held before and after ({took:.0f} s), a new VM got {listed(given)}"


@case()
def nested(lab):
    """A guest that asks for nested virtualization sees svm in its own /proc/cpuinfo; another does not."""
    lab.start("vm", boots=True, cpu={"cores": 1, "model": "host-passthrough", "features": [{"name": "svm", "policy": "require"}]})
    lab.start("plain", boots=True, cpu={"cores": 1, "model": "host-passthrough", "features": [{"name": "svm", "policy": "disable"}]})
    with_it, without = lab.facts("vm").flags, lab.facts("plain").flags
    check("svm" in with_it, f"the guest's flags are without svm: {with_it}")
    check("svm" not in without, "a guest for which svm is disabled sees it")
    return "the guest's /proc/cpuinfo has svm; with policy disable it has not"


@case(core=True)
def kvm_gone(lab):
    """/dev/kvm goes between two starts: what starts says so, what runs goes on, and KVM is used once it is back."""
    first = lab.start("vm")
    os.rename("/dev/kvm", "/dev/kvm.away")
    try:
        lab.create("second")

        def outcome():
            said = lab.said("second")
            return said if "/dev/kvm is gone" in said and not lab.emulator("second") else None
        said = lab.wait("a word about KVM", outcome, 120, "second")
        check(lab.emulator("vm").key == first.key, "the VM that ran did not live on")
    finally:
        os.rename("/dev/kvm.away", "/dev/kvm")
    lab.running("second", 180)
    return f"{sentence(said, 'default/second: .*?:')} with /dev/kvm back it runs; the VM that ran did so throughout"


# Devices

def permitted(lab):
    """The daemon's configuration for all cases with devices."""
    pairs = ((DISPLAY, "lab.io/display"), (NIC, "lab.io/nic"), (DRIVE, "lab.io/drive"), (BOARD, "lab.io/board"))
    lines = ["permittedHostDevices:", "  pciHostDevices:"]
    for selector, resource in pairs:
        lines += [f'  - pciVendorSelector: "{selector}"', f'    resourceName: "{resource}"']
    return "\n".join(lines) + "\n"


def with_device(*resources):
    return {"hostDevices": [{"name": f"device{i}", "deviceName": r} for i, r in enumerate(resources)]}


def address_of(lab, name):
    holding = lab.holding(name)
    check(holding and holding.get("devices"), f"the books say {holding} of {name}")
    return [text.partition("=")[2] for text in holding["devices"]]


def override(address):
    text = read(f"{PCI}/{address}/driver_override")
    return "" if text == "(null)" else text


@case(devices=True)
def display(lab):
    """A display adapter is passed through: the guest's bus shows it, the host's driver comes back after it."""
    for address in find_pci(DISPLAY):
        check(driver(address) == "bochs-drm", f"before, {address} has the driver {driver(address) or 'none'!r}")
    lab.start("vm", boots=True, cpu=dedicated(2), devices=with_device("lab.io/display"))
    address, = address_of(lab, "vm")
    during = driver(address)
    check(during == "vfio-pci", f"{address} has the driver {during!r}")
    node = int(read(f"{PCI}/{address}/numa_node"))
    cpus = set(lab.own_cpus("vm")[0].values())
    check(cpus <= node_cpus(node), f"{address} is on node {node}, the vCPUs on {listed(cpus)}")
    found = lab.facts("vm").device(DISPLAY)
    check(len(found) == 1, f"the guest sees {lab.facts('vm').devices}")
    lab.delete("vm")
    lab.wait("the host's driver to be back", lambda: driver(address) == "bochs-drm", 30)
    check(override(address) == "", f"driver_override is {override(address)!r}")
    return (f"{address} bochs-drm → vfio-pci → {driver(address)}, node {node} with vCPUs on {listed(cpus)};"
            f" guest: {found[0][0]} {DISPLAY} class {found[0][1]}")


@case(core=True, devices=True)
def contention(lab):
    """Two VMs that cannot both have a device: the second waits, says so, and starts once the first is gone."""
    lab.start("first", devices=with_device("lab.io/nic"))
    lab.create("second", devices=with_device("lab.io/nic"))
    said = lab.refusal("second", r"lab\.io/nic")
    lab.delete("first")
    lab.running("second")
    return f"{sentence(said, r'default/second: .*?:')} started once the first was gone: {address_of(lab, 'second')[0]}"


@case(core=True, devices=True)
def nic_traffic(lab):
    """A NIC by VFIO: the guest's own driver gets an address by DHCP and an answer to its pings."""
    address, = find_pci(NIC)
    more = """card=$(ls /sys/class/net | grep -v lo)
    echo "card $card $(cat /sys/class/net/$card/address)"
    tries=0
    until ip address show $card | grep 'inet ' || [ $tries -ge 60 ]; do sleep 1; tries=$((tries + 1)); done
    ping -c 3 -W 5 10.0.2.2"""
    lab.start("vm", boots=True, devices=with_device("lab.io/nic"), more=more)
    text = lab.facts("vm").text
    check(re.search(r"card \w+ 52:54:00:6c:61:62", text), f"the guest's driver shows no such card: {text[-400:]}")
    check(re.search(r"inet 10\.0\.2\.", text), f"the guest got no address: {text[-400:]}")
    answers = re.search(r"(\d) packets received", text)
    check(answers and int(answers.group(1)) > 0, f"nobody answered: {text[-400:]}")
    lab.delete("vm")
    lab.wait(f"{NIC_DRIVER} to drive it again", lambda: driver(address) == NIC_DRIVER, 30)
    return f"{address}: guest's virtio_net {re.search(r'inet [0-9./]+', text).group(0)}, {answers.group(1)} of 3 pings answered; host's {NIC_DRIVER} again"


@case(devices=True)
def virtual_function(lab):
    """A virtual function is passed through; its physical function stays with the host."""
    physical = next(a for a in find_pci(DRIVE) if a.endswith(".0"))
    write(f"{PCI}/{physical}/sriov_numvfs", "2")
    try:
        functions = [a for a in find_pci(DRIVE) if a != physical]
        check(len(functions) == 2, f"there are {functions}")
        lab.kill_and_restart()
        lab.start("vm", boots=True, devices=with_device("lab.io/drive"))
        address, = address_of(lab, "vm")
        check(address in functions, f"the VM got {address}, which is no virtual function")
        check(driver(address) == "vfio-pci" and driver(physical) == "nvme",
              f"{address} has {driver(address)!r}, {physical} has {driver(physical)!r}")
        found = lab.facts("vm").device(DRIVE)
        check(len(found) == 1 and found[0][1].startswith("0108"), f"the guest sees {found}")
        lab.delete("vm")
        check(driver(address) != "vfio-pci", f"{address} is still bound to vfio-pci")
    finally:
        write(f"{PCI}/{physical}/sriov_numvfs", "0")
    return f"{address} of {physical}: guest sees {found[0][0]} class {found[0][1]}; {physical} stays with nvme"


@case(core=True, devices=True)
def foreign_members(lab):
    """A device whose IOMMU group has a member that is not the VM's is refused, and the member is named."""
    board, = find_pci(BOARD)
    neighbour, = find_pci(NEIGHBOUR)
    before = driver(neighbour)
    lab.create("vm", devices=with_device("lab.io/board"))
    said = lab.refusal("vm", re.escape(neighbour))
    check(driver(board) != "vfio-pci" and driver(neighbour) == before, f"{board} has {driver(board)!r}, {neighbour} {driver(neighbour)!r}")
    return f"{sentence(said, r'needs 1 device.*')[:300]}; {neighbour} keeps {before or 'no driver'}"


@case(core=True, devices=True)
def adoption_with_device(lab):
    """kill -9 of the daemon with a device in use: the VM keeps it, nobody else gets it, and it goes back in the end."""
    first = lab.start("vm", devices=with_device("lab.io/nic"))
    address, = address_of(lab, "vm")
    lab.kill_and_restart()
    lab.wait("the books to know the device", lambda: address_of(lab, "vm") == [address], 60)
    check(lab.emulator("vm").key == first.key and driver(address) == "vfio-pci", "the VM lost its device")
    lab.create("second", devices=with_device("lab.io/nic"))
    said = lab.refusal("second", r"lab\.io/nic")
    lab.delete("second", "vm")
    lab.wait(f"{NIC_DRIVER} to drive it again", lambda: driver(address) == NIC_DRIVER, 30)
    return f"QEMU {first.pid} keeps {address}; a second VM: {sentence(said, r'default/second: .*?:')} after both {driver(address)}"


@case(devices=True)
def died_with_the_daemon(lab):
    """Daemon and QEMU die together: the device is bound to nobody, and the next daemon gives it back."""
    first = lab.start("vm", devices=with_device("lab.io/nic"))
    address, = address_of(lab, "vm")
    lab.node.kill()
    os.kill(first.pid, 9)
    lab.node.start()
    lab.node.wait_ready(180)
    lab.delete("vm")
    lab.wait(f"{NIC_DRIVER} to drive it again", lambda: driver(address) == NIC_DRIVER, 60)
    return f"{address}: vfio-pci, both killed, then {driver(address)}"


@case(devices=True)
def device_locality(lab):
    """Annotation virt-node.io/device-locality: required refuses CPUs far from the device, preferred takes them."""
    lab.start("holder", cpu=dedicated(2))
    lab.create("vm", cpu=dedicated(3), devices=with_device("lab.io/display"),
               annotations={"virt-node.io/device-locality": "required"})
    said = lab.refusal("vm", r"needs 3 dedicated CPUs", r"device-locality")
    lab.delete("vm")
    lab.start("vm", cpu=dedicated(3), devices=with_device("lab.io/display"),
              annotations={"virt-node.io/device-locality": "preferred"})
    cpus = set(lab.own_cpus("vm")[0].values())
    check(len(cpus & node_cpus(1)) == 2, f"preferred gave {listed(cpus)}")
    return f"required: {sentence(said, r'needs 3.*?:')} preferred: {listed(cpus)}"


@case(devices=True)
def device_vanishes(lab):
    """A device is pulled while the node runs: the next VM is refused, and starts once it is back."""
    address, = find_pci(NIC)
    try:
        write(f"{PCI}/{address}/remove", "1")
        lab.create("vm", devices=with_device("lab.io/nic"))
        said = lab.refusal("vm", r"lab\.io/nic")
    finally:
        write("/sys/bus/pci/rescan", "1")
    lab.running("vm", 120)
    return f"{sentence(said, r'default/vm: .*?:')} started once {address} was back"
