import Foundation
import KubeVirtModel
import KubernetesModel
import Testing

extension GuestTests {
    @Suite(.tags(.qemu))
    struct RunTests {
        @Test("a VMI boots, reports the truth, and powers off at ^C", arguments: Driver.allCases)
        func boots(_ driver: Driver) throws {
            let sandbox = try Sandbox()
            try sandbox.importHello()
            let file = try sandbox.write(Manifests.hello("boots"), "vmi.yaml")
            let log = "\(sandbox.root)/serial.log"
            let program = try sandbox.start([
                "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, "-o", "yaml", "--serial-log", log,
                file,
            ])
            try program.waitUntil("the guest's prompt") { serial(log).contains("hello:~#") }
            try checkSandbox(of: #require(sandbox.helpers.first))
            program.send(SIGINT)
            let result = program.wait()
            #expect(result.status == 0, "\(result.errors)")
            #expect(serial(log).contains("Goodbye"), "the guest shut down by itself")
            let last = try #require(statuses(result.output).last)
            #expect(last.phase == .succeeded)
            let phases = last.phaseTransitionTimestamps.map(\.phase)
            #expect(phases == [.pending, .scheduled, .running, .succeeded])
            let running = try #require(statuses(result.output).last { $0.phase == .running })
            #expect(running.conditions.contains { $0.type == "Ready" && $0.status == "True" })
            #expect(running.machine?.type?.hasPrefix("pc-q35-") == true)
            #expect(running.memory?.guestAtBoot?.text == "192Mi")
            #expect(running.interfaces.first?.mac?.hasPrefix("02:") == true)
            #expect(running.nodeName?.isEmpty == false)
            #expect(sandbox.leftovers == [])
        }

        /// QEMU runs as a user of its own, behind its own seccomp filter, where the accelerator allows it.
        private func checkSandbox(of pid: Int32) throws {
            let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            let fields = Dictionary(
                status.split(separator: "\n").map { line in
                    let parts = line.split(separator: ":", maxSplits: 1)
                    return (String(parts[0]), parts.count > 1 ? parts[1].split(separator: "\t").map(String.init) : [])
                }, uniquingKeysWith: { first, _ in first })
            #expect(fields["Seccomp"] == ["2"])
            #expect(fields["NoNewPrivs"] == ["1"])
            if fields["Uid"]?.first != "0" { #expect(fields["CapEff"] == ["0000000000000000"]) }
        }

        @Test("emulation is said in status, with its reason and remedy", arguments: Driver.allCases)
        func saysEmulation(_ driver: Driver) throws {
            let sandbox = try Sandbox()
            try sandbox.importHello()
            let file = try sandbox.write(Manifests.hello("emulated", arguments: "hello.poweroff=1"), "vmi.yaml")
            let result = try sandbox.run([
                "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, "--accelerator", "emulation", "-o",
                "json", file,
            ])
            #expect(result.status == 0, "\(result.errors)")
            let condition = try #require(
                statuses(result.output).last?.conditions.first { $0.type == "SoftwareEmulation" })
            #expect(condition.status == "True")
            #expect(condition.reason == "EmulationForced")
            #expect(statuses(result.output).last?.phase == .succeeded)
            #expect(sandbox.leftovers == [])
        }

        @Test("a forwarded port leads into the guest, also where its number is taken", arguments: Driver.allCases)
        func forwards(_ driver: Driver) throws {
            let sandbox = try Sandbox()
            try sandbox.importHello()
            let file = try sandbox.write(
                Manifests.hello("web", devices: Manifests.webDevices, networks: Manifests.podNetwork), "vmi.yaml")
            let twin = try sandbox.write(
                Manifests.hello("web-two", devices: Manifests.webDevices, networks: Manifests.podNetwork), "twin.yaml")
            let program = try sandbox.start([
                "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, "--progress", "always", file, twin,
            ])
            try program.waitUntil("both forwards") { ports(program.errors).count == 2 }
            let found = ports(program.errors)
            #expect(Set(found).count == 2, "two VMs cannot have one port: \(found)")
            for port in found {
                try program.waitUntil("an answer on port \(port)") {
                    (try? shell("curl", "-s", "-m", "2", "http://127.0.0.1:\(port)/").output)?.contains("Hello") == true
                }
            }
            program.send(SIGTERM)
            #expect(program.wait().status == 0)
            #expect(sandbox.leftovers == [])
        }

        @Test("a port that was fixed and is taken fails the start, and says so", arguments: Driver.allCases)
        func fixedPortTaken(_ driver: Driver) throws {
            let sandbox = try Sandbox()
            try sandbox.importHello()
            let holder = try sandbox.start(["run", "--root", sandbox.root, try web(sandbox, "holder")])
            try holder.waitUntil("the first VM's port") {
                (try? shell("ss", "-Hltn", "sport = :28080").output)?.isEmpty == false
            }
            let result = try sandbox.run([
                "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, try web(sandbox, "late"),
            ])
            #expect(result.status == 1)
            #expect(result.errors.contains("28080"))
            holder.send(SIGINT)
            #expect(holder.wait().status == 0)
            #expect(sandbox.leftovers == [])
        }

        private func web(_ sandbox: Sandbox, _ name: String) throws -> String {
            try sandbox.write(
                Manifests.hello(
                    name, annotations: #""virt-node.io/port-forwards": "28080:8080""#, devices: Manifests.webDevices,
                    networks: Manifests.podNetwork), "\(name).yaml")
        }

        @Test("every kind of local disk reaches the guest", arguments: Driver.allCases)
        func disks(_ driver: Driver) throws {
            let sandbox = try Sandbox()
            try sandbox.importHello()
            let devices = """
                disks: [{name: empty, disk: {bus: virtio}}, {name: lasting, disk: {bus: scsi}}, \
                {name: settings, disk: {bus: virtio}}, {name: seed, disk: {bus: virtio}}, {name: layer, disk: {bus: virtio}}]
                """
            let volumes = """
                {name: empty, emptyDisk: {capacity: 100Mi}}, \
                {name: lasting, hostDisk: {path: \(sandbox.root)/lasting.img, type: DiskOrCreate, capacity: 48Mi}}, \
                {name: settings, configMap: {name: settings}}, \
                {name: seed, cloudInitNoCloud: {userData: "#!/bin/sh\\necho user data ran here\\n"}}, \
                {name: layer, ephemeral: {persistentVolumeClaim: {claimName: data}}}
                """
            let text =
                Manifests.hello("disks", devices: devices, volumes: volumes)
                + "\n---\n{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {color: blue}}\n"
            let claim = "\(sandbox.root)/var/lib/virt-node/claims/default/data"
            try FileManager.default.createDirectory(atPath: claim, withIntermediateDirectories: true)
            try shell("truncate", "-s", "24M", "\(claim)/disk.img")
            try shell("chmod", "-R", "o+rX", "\(sandbox.root)/var")
            let log = "\(sandbox.root)/serial.log"
            let file = try sandbox.write(text, "vmi.yaml")
            let program = try sandbox.start([
                "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, "-o", "json", "--serial-log", log,
                file,
            ])
            try program.waitUntil("the user data's words") { serial(log).contains("user data ran here") }
            let shown = serial(log)
            for size in ["100 MiB", "48 MiB", "24 MiB"] { #expect(shown.contains(size), "\(shown)") }
            let volumesStatus = try #require(statuses(program.output).last?.volumeStatus)
            #expect(volumesStatus.map(\.name) == ["empty", "lasting", "settings", "seed", "layer"])
            #expect(volumesStatus.map(\.target) == ["vda", "sda", "vdb", "vdc", "vdd"])
            #expect(volumesStatus.first?.size == 100 << 20)
            program.send(SIGINT)
            #expect(program.wait().status == 0)
            #expect(FileManager.default.fileExists(atPath: "\(sandbox.root)/lasting.img"), "a hostDisk outlives its VM")
            #expect(sandbox.leftovers == [])
        }

        @Test("a guest that ignores the power button is killed when its grace period ends", arguments: Driver.allCases)
        func graceEnds(_ driver: Driver) throws {
            let sandbox = try Sandbox()
            try sandbox.importHello()
            // Paused, the guest cannot react.
            let file = try sandbox.write(
                Manifests.hello("deaf", spec: "{terminationGracePeriodSeconds: 2, startStrategy: Paused}").replacing(
                    "spec:\n  {terminationGracePeriodSeconds: 2, startStrategy: Paused}",
                    with: "spec:\n  terminationGracePeriodSeconds: 2\n  startStrategy: Paused"), "vmi.yaml")
            let program = try sandbox.start([
                "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, "-o", "json", file,
            ])
            try program.waitUntil("the paused guest") { statuses(program.output).last?.phase == .running }
            #expect(
                statuses(program.output).last?.conditions.contains {
                    $0.type == "Paused" && $0.reason == "PausedByUser"
                }
                    == true)
            program.send(SIGINT)
            let result = program.wait()
            #expect(result.status == 0, "\(result.errors)")
            #expect(statuses(result.output).last?.phase == .failed, "KubeVirt's rule for a grace period that ran out")
            #expect(sandbox.leftovers == [])
        }

        @Test("a second ^C kills at once", arguments: Driver.allCases)
        func secondSignalKills(_ driver: Driver) throws {
            let sandbox = try Sandbox()
            try sandbox.importHello()
            let file = try sandbox.write(
                Manifests.hello("stubborn", spec: "terminationGracePeriodSeconds: 600\n  startStrategy: Paused"),
                "vmi.yaml")
            let program = try sandbox.start([
                "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, "-o", "json", file,
            ])
            try program.waitUntil("the guest") { statuses(program.output).last?.phase == .running }
            program.send(SIGINT)
            usleep(300_000)
            #expect(program.isRunning, "the first ^C waits for the guest")
            program.send(SIGINT)
            let result = program.wait(limit: 60)
            #expect(result.status == 0, "\(result.errors)")
            #expect(sandbox.leftovers == [])
        }

        @Test("of several VMs, one that fails takes no other along", arguments: Driver.allCases)
        func oneOfSeveralFails(_ driver: Driver) throws {
            let sandbox = try Sandbox()
            try sandbox.importHello()
            let good = Manifests.hello("good", arguments: "hello.poweroff=1")
            let bad = Manifests.hello("bad").replacing("/boot/vmlinuz", with: "/boot/nothing")
            let file = try sandbox.write(good + "\n---\n" + bad, "vmis.yaml")
            let result = try sandbox.run([
                "run", "--root", sandbox.root, "--libvirt-uri", driver.rawValue, "-o", "json", file,
            ])
            #expect(result.status == 1)
            #expect(result.errors.contains("default/bad") && result.errors.contains("/boot/nothing"))
            #expect(!result.errors.contains("default/good"))
            let finals = Dictionary(
                instances(result.output).map { ($0.name, $0.status?.phase) }, uniquingKeysWith: { _, last in last })
            #expect(finals == ["good": .succeeded, "bad": .failed])
            #expect(sandbox.leftovers == [])
        }

        @Test("a VMI that runs already is refused by its name")
        func twice() throws {
            let sandbox = try Sandbox()
            try sandbox.importHello()
            let file = try sandbox.write(Manifests.hello("single"), "vmi.yaml")
            let first = try sandbox.start(["run", "--root", sandbox.root, "-o", "json", file])
            try first.waitUntil("the first VM") { statuses(first.output).last?.phase == .running }
            let second = try sandbox.run(["run", "--root", sandbox.root, file])
            #expect(second.status == 1)
            #expect(second.errors.contains("default/single runs already"))
            #expect(first.isRunning)
            first.send(SIGINT)
            #expect(first.wait().status == 0)
            #expect(sandbox.leftovers == [])
        }
    }
}

/// What a guest printed.
func serial(_ path: String) -> String {
    (FileManager.default.contents(atPath: path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
}

/// The VMIs in the output of `run -o yaml` or `run -o json`; a document that is still being written does not count.
func instances(_ output: String) -> [VirtualMachineInstance] {
    let texts =
        output.hasPrefix("{")
        ? output.components(separatedBy: "\n}\n").filter { !$0.isEmpty }.map { $0.hasSuffix("\n}") ? $0 : $0 + "\n}" }
        : output.components(separatedBy: "---\n").filter { !$0.isEmpty }
    return texts.compactMap { text in
        guard let node = try? DocumentReader().read(text).first else { return nil }
        var context = DecodingContext()
        return VirtualMachineInstance.decode(node, &context)
    }
}

func statuses(_ output: String) -> [VirtualMachineInstanceStatus] { instances(output).compactMap(\.status) }

/// The host's ports of the forwards that the steps name.
func ports(_ errors: String) -> [String] {
    errors.matches(of: #/127\.0\.0\.1:([0-9]+)\ ->/#).map { String($0.1) }
}

extension Tag {
    @Tag static var qemu: Self
    @Tag static var libvirt: Self
}
