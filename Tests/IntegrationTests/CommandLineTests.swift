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

    @Test("what virt-node cannot do yet is refused, not ignored")
    func notYet() throws {
        let sandbox = try Sandbox()
        let text = Manifests.hello("gpu", devices: "gpus: [{name: g, deviceName: vendor/gpu}]")
        let result = try sandbox.run(["validate", try sandbox.write(text, "gpu.yaml")])
        #expect(result.status == 3)
        #expect(result.errors.contains("spec.domain.devices.gpus: virt-node cannot do this yet: GPU passthrough"))
    }

    @Test(
        "the examples are valid, and their domains fit libvirt's schema",
        arguments: ["hello", "debian-disk", "disks", "web"])
    func examples(_ name: String) throws {
        let sandbox = try Sandbox()
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../examples")
        let path = folder.appendingPathComponent("\(name).yaml").standardized.path
        #expect(try sandbox.run(["validate", path]).status == 0)
        for accelerator in ["kvm", "emulation"] {
            let result = try sandbox.run(["convert", "--accelerator", accelerator, path])
            try #require(result.status == 0, "\(result.errors)")
            let file = try sandbox.write(result.output, "domain.xml")
            let validation = try shell("virt-xml-validate", file, "domain")
            #expect(validation.status == 0, "\(validation.output)")
        }
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
