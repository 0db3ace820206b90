import DomainModel
import Testing

@testable import DomainPlan

@Suite struct FilesystemsPartTests {
    @Test("a shared folder is the guest's by its name, through its daemon's socket")
    func folders() throws {
        let plan = try Plans.plan(
            "devices: {filesystems: [{name: data, virtiofs: {}}, {name: config, virtiofs: {}}]}",
            spec: "volumes: [{name: data, persistentVolumeClaim: {claimName: a}}, {name: config, configMap: {name: b}}]"
        )
        #expect(
            try plan.lines("devices/filesystem")
                == ["data", "config"].map {
                    """
                    filesystem accessmode=passthrough type=mount {driver queue=1024 type=virtiofs} {source \
                    socket=/fs/\($0)} {target dir=\($0)}
                    """
                })
        // A volume that is a folder is no disk.
        #expect(plan.domain.devices.disks.isEmpty)
    }

    @Test("a VMI without shared folders has none")
    func none() throws { #expect(try Plans.plan("").lines("devices/filesystem").isEmpty) }
}
