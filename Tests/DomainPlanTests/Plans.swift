import DomainModel
import KubeVirtModel
import KubernetesModel
import Testing

@testable import DomainPlan

/// Plans of small VMIs, with all that they need made ready.
enum Plans {
    static func instance(_ domain: String, spec: String = "", name: String = "web") throws -> VirtualMachineInstance {
        var reader = ManifestReader()
        let devices = domain.contains("devices:") ? "" : "    devices: {}\n"
        let memory = domain.contains("memory:") ? "" : "    memory: {guest: 64Mi}\n"
        let lines = domain.split(separator: "\n").map { "    \($0)\n" }.joined()
        let rest = spec.split(separator: "\n").map { "  \($0)\n" }.joined()
        reader.read(
            "apiVersion: kubevirt.io/v1\nkind: VirtualMachineInstance\nmetadata: {name: \(name), uid: 5D307CA9-b3ef-428c-8861-06e72d69f223}\nspec:\n  domain:\n\(devices)\(memory)\(lines)\(rest)",
            file: "a.yaml")
        try #require(reader.issues.isEmpty, "\(reader.issues.map { "\($0.issue)" })")
        return try #require(reader.manifest.instances.first)
    }

    static func request(
        _ instance: VirtualMachineInstance, _ accelerator: PlanAccelerator = .kvm,
        disk: (inout PreparedDisk) -> Void = { _ in }
    ) -> PlanRequest {
        var resources = PreparedResources(serialSocket: "/s/serial0", vncSocket: "/s/vnc")
        for volume in instance.spec.volumes {
            var prepared = PreparedDisk(source: .init(path: "/d/\(volume.name)", format: .raw), capacity: 1 << 30)
            disk(&prepared)
            resources.disks[volume.name] = prepared
        }
        for interface in instance.spec.domain.devices.interfaces {
            resources.interfaces[interface.name] = PreparedInterface(source: .user, mac: "02:00:00:00:00:09")
        }
        return PlanRequest(instance: instance, accelerator: accelerator, resources: resources)
    }

    static func plan(
        _ domain: String, spec: String = "", _ accelerator: PlanAccelerator = .kvm,
        disk: (inout PreparedDisk) -> Void = { _ in }
    ) throws -> DomainPlan {
        try DomainPlan(request(try instance(domain, spec: spec), accelerator, disk: disk))
    }
}
