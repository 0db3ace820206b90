import DomainModel
import HostModel
import KubeVirtModel
import KubernetesModel
import Placement
import Testing

@testable import DomainPlan

/// Plans of small VMIs, with all that they need made ready.
enum Plans {
    /// A VMI with that domain and that rest of a spec, with its defaults. `isSound` is false for one that validation
    /// refuses, and that the compiler refuses too.
    static func instance(
        _ domain: String, spec: String = "", name: String = "web", annotations: [String: String] = [:],
        isSound: Bool = true
    ) throws -> VirtualMachineInstance {
        var reader = ManifestReader()
        let devices = domain.contains("devices:") ? "" : "    devices: {}\n"
        let memory = domain.contains("memory:") ? "" : "    memory: {guest: 64Mi}\n"
        let lines = domain.split(separator: "\n").map { "    \($0)\n" }.joined()
        let rest = spec.split(separator: "\n").map { "  \($0)\n" }.joined()
        reader.read(
            """
            apiVersion: kubevirt.io/v1
            kind: VirtualMachineInstance
            metadata: {name: \(name), uid: 5D307CA9-b3ef-428c-8861-06e72d69f223}
            spec:
              domain:
            \(devices)\(memory)\(lines)\(rest)
            """,
            file: "a.yaml")
        if isSound { try #require(!reader.hasErrors, "\(reader.issues.map { "\($0.issue)" })") }
        var instance = try #require(reader.manifest.instances.first)
        instance.metadata.annotations = annotations
        return instance
    }

    static func request(
        _ instance: VirtualMachineInstance, _ accelerator: PlanAccelerator = .kvm,
        emulation: EmulationPolicy = .adapted, placement: Placement? = nil, metadata: DomainMetadata? = nil,
        securityLabel: SecurityLabel? = nil, resources change: (inout PreparedResources) -> Void = { _ in },
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
        for filesystem in instance.spec.domain.devices.filesystems {
            resources.filesystems[filesystem.name] = "/fs/\(filesystem.name)"
        }
        change(&resources)
        return PlanRequest(
            instance: instance, accelerator: accelerator, resources: resources, placement: placement,
            metadata: metadata, securityLabel: securityLabel, emulation: emulation)
    }

    static func plan(
        _ domain: String, spec: String = "", _ accelerator: PlanAccelerator = .kvm,
        emulation: EmulationPolicy = .adapted, annotations: [String: String] = [:],
        resources: (inout PreparedResources) -> Void = { _ in }, disk: (inout PreparedDisk) -> Void = { _ in }
    ) throws -> DomainPlan {
        let instance = try instance(domain, spec: spec, annotations: annotations)
        return try DomainPlan(request(instance, accelerator, emulation: emulation, resources: resources, disk: disk))
    }

    /// The plan of a VMI that is first placed on a host, as a node does.
    static func placed(
        _ domain: String, spec: String = "", cpus: String = "0-31", devices: [String: [String]] = [:],
        host: Host = .twoCells(), annotations: [String: String] = [:], isSound: Bool = true
    ) throws -> DomainPlan {
        let instance = try instance(domain, spec: spec, annotations: annotations, isSound: isSound)
        let grant = Grant(
            cpus: CPUSet(list: cpus), devices: try devices.mapValues { try $0.map { try GrantedDevice($0) } })
        let placement = try PlacementRequest(instance).map { try Placement.make($0, host: host, grant: grant) }
        return try DomainPlan(request(instance, placement: placement))
    }
}
