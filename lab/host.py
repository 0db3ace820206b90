"""What the emulated host says of itself, and the node under test in it."""

import os
import re
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts", "chaos"))
sys.dont_write_bytecode = True

from node import API, Node, Refused, manifest, phase  # noqa: E402

EVENTS = "/api/v1/namespaces/default/events"
PAGE_KIB = 2048
SYSTEM_NODES = "/sys/devices/system/node"
PCI = "/sys/bus/pci/devices"

# What a guest says of itself: run by its shell, out of its cloud-init data.
FACTS = """#!/bin/sh
echo LAB-BEGIN
while IFS=':' read -r key value; do
    case $key in
        processor*) echo "cpu$value" ;;
        flags*) for flag in $value; do case $flag in svm | vmx) echo "flag $flag" ;; esac; done ;;
    esac
done </proc/cpuinfo
for node in /sys/devices/system/node/node*; do
    cpus=$(cat $node/cpulist)
    read -r x x key total unit <$node/meminfo
    read -r distance <$node/distance
    echo "node ${node##*/node} cpus=$cpus kib=$total distance=${distance// /,}"
done
for device in /sys/bus/pci/devices/*; do
    read -r vendor <$device/vendor; read -r id <$device/device; read -r class <$device/class; read -r node <$device/numa_node
    driver=none; [ -e $device/driver ] && driver=$(readlink $device/driver)
    echo "pci ${device##*/} $vendor $id $class node=$node driver=${driver##*/}"
done
MORE
echo LAB-END
"""


class Failed(Exception):
    """What should hold does not."""


def check(holds, text):
    if not holds:
        raise Failed(text)


def read(path):
    with open(path) as file:
        return file.read().strip()


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def cpu_set(text):
    """`0-2,5` as a set of numbers."""
    found = set()
    for part in filter(None, text.strip().split(",")):
        low, _, high = part.partition("-")
        found |= set(range(int(low), int(high or low) + 1))
    return found


def listed(cpus):
    return ",".join(map(str, sorted(cpus))) or "none"


def node_cpus(node):
    return cpu_set(read(f"{SYSTEM_NODES}/node{node}/cpulist"))


def free_pages():
    """Free hugepages of each node."""
    return tuple(
        int(read(f"{SYSTEM_NODES}/node{node}/hugepages/hugepages-{PAGE_KIB}kB/free_hugepages")) for node in (0, 1))


def driver(address):
    """The driver of a PCI device, or nothing."""
    link = f"{PCI}/{address}/driver"
    return os.path.basename(os.readlink(link)) if os.path.islink(link) else ""


def find_pci(ids):
    """Addresses of PCI devices by `vendor:device`."""
    vendor, device = (f"0x{part.lower()}" for part in ids.split(":"))
    return sorted(
        address for address in os.listdir(PCI)
        if (read(f"{PCI}/{address}/vendor"), read(f"{PCI}/{address}/device")) == (vendor, device))


class Thread:
    """A thread of a QEMU: what it is, where it may run, and how it is scheduled."""

    def __init__(self, folder):
        fields = dict(re.findall(r"^(\w+):\s*(.*)$", read(f"{folder}/status"), re.MULTILINE))
        self.name = fields["Name"]
        self.cpus = cpu_set(fields["Cpus_allowed_list"])
        words = read(f"{folder}/stat").rpartition(")")[2].split()
        self.priority, self.policy = int(words[37]), int(words[38])

    @property
    def vcpu(self):
        found = re.match(r"CPU (\d+)/", self.name)
        return int(found.group(1)) if found else None

    @property
    def is_io(self):
        return self.name.startswith("IO iothread")

    @property
    def is_emulator(self):
        return self.vcpu is None and not self.is_io


def threads(pid):
    found = []
    for name in os.listdir(f"/proc/{pid}/task"):
        try:
            found.append(Thread(f"/proc/{pid}/task/{name}"))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


class Facts:
    """What a guest printed of itself."""

    def __init__(self, text):
        self.text = text
        self.cpus = len(re.findall(r"^cpu \d+", text, re.MULTILINE))
        self.flags = re.findall(r"^flag (\w+)", text, re.MULTILINE)
        self.nodes = {
            int(node): (cpu_set(cpus), int(kib) >> 10, distance)
            for node, cpus, kib, distance in re.findall(
                r"^node (\d+) cpus=(\S*) kib=(\d+) distance=(\S+)", text, re.MULTILINE)}
        self.devices = re.findall(
            r"^pci (\S+) 0x(\w+) 0x(\w+) 0x(\w+) node=(-?\d+) driver=(\S+)", text, re.MULTILINE)

    def device(self, ids):
        """(address, class, node, driver) of the devices with these `vendor:device`."""
        return [(a, kind, int(node), used) for a, v, d, kind, node, used in self.devices if f"{v}:{d}" == ids.lower()]


class Lab:
    """A node in the emulated host, and what a case needs of it."""

    def __init__(self, program, guest):
        self.program = program
        self.node = Node(program, guest, name="lab")
        # Where it can be read from outside, while this runs and after it.
        self.node.log_path = f"{os.environ['OUT']}/daemon.log"
        open(self.node.log_path, "w").close()
        answer = subprocess.run([program, "debug", "configuration"], capture_output=True, text=True, check=True)
        self.has_devices = "permittedHostDevices" in answer.stdout
        self.options = ()

    # The daemon

    def serve(self, *options):
        """Has the daemon run with these keys of its configuration."""
        if self.node.daemon and self.node.daemon.poll() is None:
            if options == self.options:
                return
            check(self.node.terminate(), "SIGTERM did not end the daemon within 20 s")
        self.options = options
        self.node.options = [word for option in options for word in ("--set", option)]
        self.node.start()
        self.node.wait_ready(180)

    def configure(self, text):
        folder = f"{self.node.root}/etc/virt-node"
        os.makedirs(folder, exist_ok=True)
        write(f"{folder}/config.yaml", text)

    def kill_and_restart(self):
        self.node.kill()
        self.node.start()
        self.node.wait_ready(180)

    def said_by_daemon(self, text):
        return text in open(self.node.log_path).read()

    def books(self):
        return self.node.api.call("GET", "/virt-node/v1/resources", timeout=60)

    def holding(self, name):
        return next((h for h in self.books()["holdings"] if h["vmi"] == f"default/{name}"), None)

    def own_cpus(self, name):
        """By the books: the CPUs of its vCPUs, by vCPU, and those of its emulator and I/O threads."""
        holding = self.holding(name)
        check(holding, f"the books know nothing of {name}: {self.books()}")
        vcpus = {int(v): int(c) for v, c in (pair.split("=") for pair in holding.get("vcpus", []))}
        return vcpus, cpu_set(holding.get("emulator", "")), cpu_set(holding.get("ioThreads", ""))

    def shared_cpus(self):
        return cpu_set(self.books()["sharedCPUs"])

    # VMs

    def create(self, name, memory="96Mi", cpu=None, pages=False, annotations=None, domain=None, devices=None,
               volumes=None, networks=None, more="", boots=False):
        """A guest that need not boot stays paused at its first instruction: QEMU and its threads, pages and devices are there."""
        shape = {"autoattachPodInterface": False, "autoattachGraphicsDevice": False,
                 "disks": [{"name": "facts", "disk": {"bus": "virtio"}}], **(devices or {})}
        made = manifest(name, devices=shape, memory=memory, networks=networks, strategy=None if boots else "Paused", volumes=[
            {"name": "facts", "cloudInitNoCloud": {"userData": FACTS.replace("MORE", more)}}, *(volumes or [])])
        made["metadata"]["annotations"] = annotations or {}
        content = made["spec"]["domain"]
        if cpu:
            content["cpu"] = cpu
        if pages:
            content["memory"]["hugepages"] = {"pageSize": "2Mi"}
        content.update(domain or {})
        self.node.api.create(made)

    def wait(self, what, condition, limit=120, name=None):
        end = time.monotonic() + limit
        while time.monotonic() < end:
            try:
                if found := condition():
                    return found
            except (ConnectionError, Refused):
                pass
            time.sleep(0.2)
        raise Failed(f"waited {limit} s for {what}" + (f"; {self.said(name)}" if name else ""))

    def running(self, name, limit=300):
        """Waits until a VM runs; its QEMU."""
        def runs():
            now = phase(self.node.api.get(name) or {})
            if now in ("Failed", "Succeeded"):
                raise Failed(f"{name} is {now}; {self.said(name)}")
            return now == "Running" and self.emulator(name)
        return self.wait(f"{name} to run", runs, limit, name)

    def emulator(self, name):
        return next((e for e in self.node.emulators() if e.domain == f"default_{name}"), None)

    def start(self, name, **options):
        self.create(name, **options)
        return self.running(name)

    def facts(self, name, limit=300):
        """What its guest says of itself."""
        def text():
            found = re.search(r"LAB-BEGIN(.*?)LAB-END", self.console(name), re.DOTALL)
            return found and found.group(1).replace("\r", "")
        try:
            return Facts(self.wait(f"the guest {name} to speak", text, limit, name))
        except Failed as failure:
            raise Failed(f"{failure}; its console ends in {self.console(name)[-600:]!r}") from failure

    def console(self, name):
        connection = self.node.api.connect(20)
        try:
            connection.request("GET", f"/virt-node/v1/namespaces/default/machines/{name}/log")
            return connection.getresponse().read().decode(errors="replace")
        except OSError as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()

    def said(self, name):
        """All that the API says about how a VM fares."""
        instance = self.node.api.get(name)
        if instance is None:
            return f"{name} is gone"
        words = [phase(instance)]
        for found in instance.get("status", {}).get("conditions", []):
            if found.get("message") and found["type"] not in ("LiveMigratable", "Provisioning", "Ready"):
                words.append(f"{found['type']}={found['status']}: {found['message']}")
        for item in self.node.api.call("GET", EVENTS)["items"]:
            # Those of an earlier VM of this name are no word about this one.
            if item["involvedObject"].get("uid") == instance["metadata"]["uid"] and item.get("type") == "Warning":
                words.append(f"event {item['reason']}: {item.get('message')}")
        return " | ".join(dict.fromkeys(words))

    def refusal(self, name, *texts, limit=90):
        """Waits until the API tells all of this about a VM; what it tells."""
        def tells():
            said = self.said(name)
            return said if all(re.search(text, said) for text in texts) else None
        found = self.wait(f"a refusal that says {' and '.join(texts)}", tells, limit, name)
        check(self.emulator(name) is None, f"{name} is refused, and has a QEMU")
        return found

    def delete(self, *names, limit=120):
        for name in names:
            self.node.api.delete(name)
        for name in names:
            self.wait(f"{name} to go", lambda: self.node.api.get(name) is None and not self.emulator(name), limit, name)

    def clear(self):
        """Removes all VMs; what they held must be back."""
        if not self.node.daemon or self.node.daemon.poll() is not None:
            self.node.start()
            self.node.wait_ready(180)
        self.delete(*self.node.api.instances(timeout=30))
        self.wait("the books to be empty", lambda: not self.books()["holdings"], 60)

    def threads(self, name):
        emulator = self.emulator(name)
        check(emulator, f"{name} has no QEMU")
        return threads(emulator.pid)


def sentence(text, pattern):
    """The part of a refusal that matters, for a line of evidence."""
    found = re.search(pattern, text)
    return found.group(0) if found else text[:200]
