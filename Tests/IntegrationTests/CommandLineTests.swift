import Foundation
import Testing

/// What needs no guest: usage, exit codes, refusals.
@Suite struct CommandLineTests {
    @Test(
        "exit codes follow the contract",
        arguments: [
            (["run"], 2, "Missing expected argument"),
            (["run", "--no-such-option", "x"], 2, "Unknown option"),
            (["frobnicate"], 2, "Unexpected argument"),
            (["validate", "/nonexistent/vmi.yaml"], 4, "cannot read /nonexistent/vmi.yaml"),
            (["run", "--libvirt-uri", "nonsense", "x.yaml"], 2, "qemu:///system"),
            (["--version"], 0, ""),
        ])
    func exitCodes(_ arguments: [String], _ status: Int32, _ words: String) throws {
        let result = try Sandbox().run(arguments)
        #expect(result.status == status, "\(result.errors)")
        #expect(words.isEmpty || result.errors.contains(words), "\(result.errors)")
    }

    @Test("all that is wrong with a file is said at once, each with its line, field and remedy")
    func invalid() throws {
        let sandbox = try Sandbox()
        let file = try sandbox.write(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            metadata: {name: wrong}
            spec:
              domain:
                cpu: {cores: many}
                memory: {guest: 12Q}
                devices:
                  disk: []
                  interfaces: []
            """, "wrong.yaml")
        for command in ["validate", "run", "convert"] {
            let result = try sandbox.run([command, file])
            #expect(result.status == 3)
            #expect(
                result.errors.contains(
                    "wrong.yaml:6: error: default/wrong: spec.domain.cpu.cores: \"many\" is not a whole number"))
            #expect(
                result.errors.contains(
                    "wrong.yaml:7: error: default/wrong: spec.domain.memory.guest: \"12Q\" is not a quantity"))
            #expect(result.errors.contains("spec.domain.devices.disk: no such field: did you mean disks?"))
            #expect(result.output.isEmpty)
        }
    }

    @Test("a VM that cannot be placed is refused with the numbers, and with what to do")
    func unplaced() throws {
        let sandbox = try Sandbox()
        let gpu = try sandbox.run(["convert", Self.example("gpu"), "--host", Self.host])
        #expect(gpu.status == 5)
        #expect(gpu.errors.contains("needs 1 device nvidia.com/H100") || gpu.errors.contains("nvidia.com/H100"))
        #expect(gpu.errors.contains("--device nvidia.com/H100="))
        let pinned = try sandbox.run(["convert", Self.example("pinned"), "--host", Self.host, "--cpuset", "4-7"])
        #expect(pinned.status == 5)
        #expect(pinned.errors.contains("needs 5 dedicated CPUs"), "\(pinned.errors)")
        #expect(pinned.errors.contains("cell 0 has 4 free, cell 1 has 0"), "\(pinned.errors)")
        #expect(try sandbox.run(["convert", Self.example("gpu"), "--host", "/nonexistent"]).status == 4)
        #expect(try sandbox.run(["convert", Self.example("gpu"), "--device", "nonsense"]).status == 2)
    }

    @Test(
        "the examples are valid, and their domains fit libvirt's schema",
        arguments: [
            "hello", "debian-disk", "disks", "web", "pinned", "gpu", "windows", "growing",
        ])
    func examples(_ name: String) throws {
        let sandbox = try Sandbox()
        let path = Self.example(name)
        #expect(try sandbox.run(["validate", path]).status == 0)
        for accelerator in ["kvm", "emulation"] {
            let result = try sandbox.run(
                ["convert", "--accelerator", accelerator, path, "--host", Self.host] + Self.devices)
            try #require(result.status == 0, "\(result.errors)")
            let file = try sandbox.write(result.output, "domain.xml")
            let validation = try shell("virt-xml-validate", file, "domain")
            #expect(validation.status == 0, "\(validation.output)")
        }
    }

    private static let devices = [
        "--device", "nvidia.com/H100=0000:41:00.0", "--device", "default/fast=0000:43:00.0",
    ]
    private static let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "../../examples")
    private static var host: String { examples.appendingPathComponent("host.json").standardized.path }
    private static func example(_ name: String) -> String {
        examples.appendingPathComponent("\(name).yaml").standardized.path
    }

    @Test("a host's JSON comes back as the same host")
    func host() throws {
        let sandbox = try Sandbox()
        let first = try sandbox.run(["host", "--host", Self.host, "-o", "json"])
        try #require(first.status == 0, "\(first.errors)")
        let second = try sandbox.run(["host", "--host", try sandbox.write(first.output, "host.json"), "-o", "json"])
        #expect(second.output == first.output)
        let table = try sandbox.run(["host", "--host", Self.host])
        #expect(table.output.contains("0000:41:00.0  3D controller"))
        #expect(try sandbox.run(["host"]).status == 0)
    }

    @Test("explain names the field and the line, and a diff says what it takes")
    func explain() throws {
        let sandbox = try Sandbox()
        let tree = try sandbox.run(["explain", Self.example("pinned"), "--host", Self.host])
        try #require(tree.status == 0, "\(tree.errors)")
        #expect(tree.output.contains("spec.domain.cpu.dedicatedCpuPlacement: true (line 15)"))
        #expect(tree.output.contains("default of spec.domain.cpu.model"))
        let old = try String(contentsOfFile: Self.example("growing"), encoding: .utf8)
        let new = try sandbox.write(old.replacing("sockets: 2\n", with: "sockets: 4\n"), "new.yaml")
        let diff = try sandbox.run(["explain", Self.example("growing"), "--diff", new])
        #expect(diff.status == 0, "\(diff.errors)")
        #expect(diff.output.contains("can be done live"), "\(diff.output)")
    }

    @Test("doctor's JSON carries the verdict, and its exit code says whether VMs can run")
    func doctor() throws {
        let sandbox = try Sandbox()
        let result = try sandbox.run(["doctor", "-o", "json", "--root", sandbox.root])
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let accelerator = try #require(object["accelerator"] as? [String: Any])
        #expect(["kvm", "emulation"].contains(accelerator["verdict"] as? String ?? ""))
        let checks = try #require(object["checks"] as? [[String: Any]])
        let ids = checks.compactMap { $0["id"] as? String }
        for id in [
            "libvirt", "qemu", "cgroups", "hugepages", "iommu", "vfio", "vhost", "tun", "firmware", "swtpm", "cni",
            "disk",
        ] {
            #expect(ids.contains(id), "\(ids)")
        }
        for check in checks where check["state"] as? String == "missing" {
            #expect(check["remedy"] is String, "\(check)")
        }
    }
}
