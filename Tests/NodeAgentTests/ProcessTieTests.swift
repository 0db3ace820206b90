import Testing

@testable import NodeAgent

/// Which QEMUs would end with the daemon's pod.
@Suite struct ProcessTieTests {
    private static let hostGroups = "cgroup:[4026531835]"
    private static let hostProcesses = "pid:[4026531836]"

    private static func process(
        _ cgroup: String, cgroups: String = hostGroups, pids: String = hostProcesses, mounts: String = "mnt:[1]",
        root: UInt64 = 1
    ) -> ProcessSurroundings {
        var process = ProcessSurroundings(cgroupFile: "0::\(cgroup)\n")
        process.cgroupNamespace = cgroups
        process.processNamespace = pids
        process.mountNamespace = mounts
        process.root = [8, root]
        return process
    }

    private let hostInit = Self.process("/init.scope")
    private let pod = "/kubepods.slice/kubepods-pod1.slice/cri-1.scope"

    @Test("a QEMU in libvirt's own cgroup outlives a service, and a daemon in a plain shell")
    func independent() {
        let qemu = Self.process("/machine/qemu-1-a.libvirt-qemu", mounts: "mnt:[2]")
        for own in ["/system.slice/virt-node.service", "/", "/user.slice/session-1.scope"] {
            let daemon = Self.process(own, mounts: "mnt:[3]")
            #expect(ProcessTie.ties(of: qemu, daemon: daemon, first: hostInit, isFirst: false) == [])
        }
    }

    @Test("a QEMU in the daemon's cgroup, or in any pod's, does not")
    func cgroup() {
        let unit = "/system.slice/virt-node.service"
        let cases = [
            (unit, unit), (unit, "\(unit)/machine/qemu-1"), (pod, "\(pod)/machine/qemu-1"), ("/", "\(pod)/x"),
        ]
        for (own, path) in cases {
            let ties = ProcessTie.ties(
                of: Self.process(path), daemon: Self.process(own), first: hostInit, isFirst: false)
            #expect(ties == [.cgroup(path: path)])
        }
        let neighbour = Self.process("/system.slice/virt-node.service2")
        #expect(ProcessTie.ties(of: neighbour, daemon: Self.process(unit), first: hostInit, isFirst: false) == [])
    }

    @Test("in a private cgroup namespace every path is the pod's, but those that lead out")
    func privateNamespace() {
        let daemon = Self.process("/", cgroups: "cgroup:[7]")
        func ties(_ path: String) -> [ProcessTie] {
            ProcessTie.ties(of: Self.process(path), daemon: daemon, first: hostInit, isFirst: false)
        }
        #expect(ties("/machine/qemu-1") == [.cgroup(path: "/machine/qemu-1")])
        #expect(ties("/../../machine/qemu-1") == [])
    }

    @Test("the end of a pod's first process ends its PID namespace")
    func processNamespace() {
        let pids = "pid:[9]"
        let qemu = Self.process("/machine/qemu-1", pids: pids)
        let daemon = Self.process(pod, pids: pids)
        #expect(ProcessTie.ties(of: qemu, daemon: daemon, first: daemon, isFirst: true) == [.processNamespace])
        // A shell is first, and the pod's cgroup holds both.
        #expect(ProcessTie.ties(of: qemu, daemon: daemon, first: daemon, isFirst: false) == [.processNamespace])
        // A whole system in a container: its systemd goes on when a service ends.
        let service = Self.process("/system.slice/virt-node.service", pids: pids)
        let systemd = Self.process("/init.scope", pids: pids)
        #expect(ProcessTie.ties(of: qemu, daemon: service, first: systemd, isFirst: false) == [])
        let process1 = Self.process("/system.slice/virt-node.service")
        #expect(ProcessTie.ties(of: qemu, daemon: process1, first: hostInit, isFirst: false) == [])
    }

    @Test("files of the pod's image go with it; a chroot, and a service's own mounts, are the host's files")
    func mounts() {
        let daemon = Self.process(pod, mounts: "mnt:[2]", root: 2)
        func ties(_ mounts: String, _ root: UInt64) -> [ProcessTie] {
            let qemu = Self.process("/machine/qemu-1", mounts: mounts, root: root)
            return ProcessTie.ties(of: qemu, daemon: daemon, first: hostInit, isFirst: false)
        }
        #expect(ties("mnt:[2]", 2) == [.mountNamespace])
        #expect(ties("mnt:[1]", 2) == [])
        #expect(ties("mnt:[3]", 1) == [])
    }

    @Test("what cannot be read proves nothing")
    func unreadable() {
        let nothing = ProcessSurroundings()
        #expect(ProcessTie.ties(of: nothing, daemon: nothing, first: nothing, isFirst: true) == [])
        let named = ProcessSurroundings(cgroupFile: "9:name=systemd:/a\n3:memory:/b\n0::/c:d\nrubbish\n")
        #expect(named.cgroups == ["name=systemd": "/a", "": "/c:d"])
    }
}
