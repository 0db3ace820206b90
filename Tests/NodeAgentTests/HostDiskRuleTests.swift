import Foundation
import HostModel
import KubeVirtModel
import KubernetesModel
import SystemPackage
import Testing

@testable import NodeAgent

@Suite struct HostDiskRuleTests {
    /// A folder with virt-node's folders below it.
    private let root: FilePath

    init() throws {
        root = FilePath("/tmp/host-disk-rule-\(UInt32.random(in: 0 ... .max))")
        for folder in ["var/lib/virt-node/claims/other/data", "srv/disks", "home"] {
            try FileManager.default.createDirectory(
                atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(root)/home/state", withDestinationPath: "\(root)/var/lib/virt-node")
        try FileManager.default.createSymbolicLink(
            atPath: "\(root)/srv/disks/away", withDestinationPath: "\(root)/home")
    }

    private func refusal(_ path: String, folders: [String] = []) throws -> String? {
        defer { try? FileManager.default.removeItem(atPath: root.string) }
        let text = """
            {"apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance", "metadata": {"name": "x"},
             "spec": {"domain": {"devices": {}}, "volumes": [
              {"name": "a", "emptyDisk": {"capacity": "1Mi"}},
              {"name": "b", "hostDisk": {"path": "\(root)/\(path)", "type": "Disk"}}]}}
            """
        var context = DecodingContext()
        let document = try #require(DocumentReader().read(text).first)
        let instance = try #require(VirtualMachineInstance.decode(document, &context))
        let rule = HostDiskRule(folders: folders.map { "\(root)/\($0)" })
        let unmet = rule.unmet(instance, NodeFolders(root: root))
        return unmet.map { "\($0.field): \($0.reason)".replacing("\(root)", with: "ROOT") }
    }

    @Test(
        "virt-node's own folders are no place for hostDisks, however they are named",
        arguments: [
            "var/lib/virt-node/claims/other/data/disk.img", "var/lib/virt-node/vms/x/root.qcow2", "run/virt-node/x",
            "var/cache/virt-node/images/disks/x", "etc/virt-node/config.yaml",
        ])
    func own(path: String) throws {
        let text = try #require(try refusal(path))
        #expect(text.hasPrefix("spec.volumes[1].hostDisk.path: ROOT/\(path) lies in ROOT/"), "\(text)")
        #expect(text.hasSuffix("/virt-node, which is virt-node's own: move the disk elsewhere"), "\(text)")
    }

    @Test("a link does not lead around it", arguments: ["home/state/claims/other/data/disk.img", "home/state"])
    func linked(path: String) throws { #expect(try refusal(path) != nil) }

    @Test("any other place will do, be there a file or not", arguments: ["srv/disks/x.img", "var/lib/virt-node-2/x"])
    func elsewhere(path: String) throws { #expect(try refusal(path) == nil) }

    @Test(
        "where folders are named, a disk lies in one of them",
        arguments: [
            ("srv/disks/x.img", true), ("srv/disks/deep/er/x.img", true), ("srv/disks-2/x.img", false),
            ("home/x.img", false), ("srv/disks/away/x.img", false),
        ])
    func folders(path: String, isAllowed: Bool) throws {
        let text = try refusal(path, folders: ["var/empty", "srv/disks"])
        let refusal =
            "spec.volumes[1].hostDisk.path: ROOT/\(path) lies in none of the folders of hostDisks.folders: use one of ROOT/var/empty, ROOT/srv/disks"
        #expect(text == (isAllowed ? nil : refusal))
    }
}
