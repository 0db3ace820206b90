import KubernetesModel
import Testing

@testable import KubeVirtModel

@Suite struct ChoiceTests {
    private static func choices(_ type: any FieldChoice.Type) -> [String] {
        guard case .oneOf(let names) = type.schema else { return [] }
        return names
    }

    private static let all: [(any FieldChoice.Type, [String])] = [
        (CPUFeaturePolicy.self, ["force", "require", "optional", "disable", "forbid"]),
        (DiskBus.self, ["virtio", "sata", "scsi", "usb"]), (DiskCache.self, ["none", "writethrough", "writeback"]),
        (DiskIO.self, ["native", "threads"]), (DiskErrorPolicy.self, ["stop", "ignore", "report", "enospace"]),
        (EvictionStrategy.self, ["None", "LiveMigrate", "LiveMigrateIfPossible", "External"]),
        (HostDiskType.self, ["Disk", "DiskOrCreate"]), (ImagePullPolicy.self, ["Always", "IfNotPresent", "Never"]),
        (InputBus.self, ["usb", "virtio"]), (InputType.self, ["tablet"]),
        (InterfaceState.self, ["up", "down", "absent"]),
        (IOThreadsPolicy.self, ["shared", "auto", "supplementalPool"]),
        (MemoryLock.self, ["NotRequired", "Required"]), (MigrationCompression.self, ["zstd", "none"]),
        (PanicModel.self, ["isa", "hyperv", "pvpanic"]), (PortProtocol.self, ["TCP", "UDP"]),
        (RebootPolicy.self, ["Reboot", "Terminate"]), (SoundModel.self, ["ich9", "ac97"]),
        (StartStrategy.self, ["Paused"]), (TrayState.self, ["open", "closed"]),
        (
            VMIPhase.self,
            ["Pending", "Scheduling", "Scheduled", "Running", "Succeeded", "Failed", "Unknown", "WaitingForSync"]
        ), (WatchdogAction.self, ["poweroff", "reset", "shutdown"]),
    ]

    @Test("every choice has the words of the API, reads them and writes them back")
    func words() {
        for (type, words) in Self.all {
            #expect(Self.choices(type) == words)
            for word in words {
                var context = DecodingContext()
                #expect(type.decode(.string(word), &context)?.encode() == .string(word))
                #expect(context.issues.isEmpty)
            }
        }
    }

    @Test("another word, or another kind of value, is told with all that there are")
    func others() {
        for (type, words) in Self.all {
            for node in [DocumentNode.string("other"), .string(words[0] + " ")] {
                var context = DecodingContext(path: "x")
                #expect(type.decode(node, &context) == nil)
                #expect(
                    context.issues.map(\.description) == [
                        "x: \(node.excerpt ?? "") is not one of \(words.joined(separator: ", "))"
                    ])
            }
            var context = DecodingContext(path: "x")
            #expect(type.decode(.bool(true), &context) == nil)
            #expect(context.issues.count == 1)
        }
    }

    @Test("no choice of the tables is left out here")
    func complete() {
        var found: Set<[String]> = []
        func collect(_ schema: FieldSchema) {
            switch schema {
            case .oneOf(let words): found.insert(words)
            case .list(let inner), .map(let inner): collect(inner)
            case .object(_, let members): members().forEach { collect($0.schema) }
            case .string, .boolean, .integer, .quantity, .timestamp, .any: break
            }
        }
        collect(VirtualMachineInstance.schema)
        #expect(found == Set(Self.all.map(\.1)))
    }
}
