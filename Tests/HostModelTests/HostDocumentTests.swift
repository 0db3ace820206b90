import FoundationEssentials
import SystemPackage
import Testing

@testable import HostModel

@Suite struct HostDocumentTests {
    private static let host = Result { try probe() }

    /// A host with something in every field.
    private static func full() throws -> Host { try host.get() }

    private static func probe() throws -> Host {
        let folder = try TemporaryFolder.twoCells()
        try folder.device(
            "0000:61:00.0", at: "pci0000:60",
            [
                "class": "0x120000", "sriov_totalvfs": "4", "subsystem_vendor": "0x1", "subsystem_device": "0xabcd",
                "resource": "0x0000208000000000 0x0000209fffffffff 0x000000000014220c", "reset_method": "flr",
                "mdev_supported_types/t/name": "a/b",
            ])
        try folder.write("/sys/bus/mdev/devices/b2b7b2c4-0a5e-4f3a-9c8e-5d1f0a7b6c01/x", "")
        try folder.write("/sys/devices/system/cpu/present", "0-5")
        try folder.write("/sys/devices/system/cpu/isolated", "1")
        try folder.write("/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "16\n")
        return Host(probing: folder.root)
    }

    private static func load(_ text: String) throws(HostLoadError) -> Host {
        try Host.decode(Array(text.utf8), from: "host.json")
    }

    private static func error(_ text: String) -> HostLoadError? {
        do throws(HostLoadError) {
            _ = try load(text)
            return nil
        } catch {
            return error
        }
    }

    @Test("a host survives its document")
    func roundTrip() throws {
        let host = try Self.full()
        let text = try host.json()
        #expect(try Self.load(text) == host)
        #expect(text.contains("\"formatVersion\" : \"1.0\"") && text.contains("\"vendor\" : \"0x10de\""))
        #expect(host.faults == [])
    }

    @Test("fields that a newer minor version adds are ignored")
    func newerMinor() throws {
        let host = try Self.full()
        let text = try host.json().replacing("\"1.0\"", with: "\"1.9\", \"weather\": {\"cells\": [1.5, -1]}")
        #expect(try Self.load(text) == host)
    }

    @Test(
        "a document of another major version, or of none, is refused by name", arguments: ["2.0", "0.1", "1", "x", ""])
    func version(version: String) throws {
        let text = try Self.full().json().replacing("\"1.0\"", with: "\"\(version)\"")
        #expect(Self.error(text) == .unknownVersion("host.json", version: version))
    }

    /// A text of the document, what stands in its place, and the field that the error names.
    private static let faults: [(String, String, String)] = [
        ("\"formatVersion\"", "\"version\"", "formatVersion"),
        ("siblings\" : \"1,3\"", "siblings\" : \"1-\"", "cpus[1].siblings"),
        ("\"cpus\" : \"0,2\"", "\"cpus\" : 7", "cells[0].cpus"),
        ("\"cpus\" : \"0,2\"", "\"cpus\" : \"0-9\"", "cells[0].cpus"),
        ("\"cpus\" : \"0,2\"", "\"cpus\" : \"0-999999999\"", "cells[0].cpus"),
        ("\"cpus\" : \"1,3\"", "\"cpus\" : \"0-3\"", "cells[1].cpus"),
        ("\"id\" : 1,", "\"id\" : 1000000000000,", "cells[1].id"), ("\"id\" : 1,", "\"id\" : 0,", "cells[1].id"),
        ("\"id\" : 2,", "\"id\" : 1,", "cpus[2].id"), ("\"id\" : 3,", "\"id\" : 9000,", "cpus[3].id"),
        ("\"core\" : 1,", "\"core\" : -1,", "cpus[1].core"), ("\"core\" : 1,", "\"core\" : 1e40,", "cpus[1].core"),
        ("\"core\" : 1,", "\"core\" : 1.5,", "cpus[1].core"), ("\"core\" : 1,", "\"core\" : true,", "cpus[1].core"),
        ("\"isOnline\" : true", "\"isOnline\" : null", "cpus[0].isOnline"),
        ("\"cell\" : 1", "\"cell\" : 5", "cpus[1].cell"),
        ("siblings\" : \"0,2\"", "siblings\" : \"0,3\"", "cpus[0].siblings"),
        ("\"0x10de\"", "\"10de\"", "pciDevices[1].vendor"), ("\"0x10de\"", "\"0x10def\"", "pciDevices[1].vendor"),
        ("\"0000:41:00.0\"", "\"0000:61:00.0\"", "pciDevices[2].address"),
        ("\"0000:41:00.0\"", "\"../etc\"", "pciDevices[1].address"),
        ("\"pci0000:60\"", "\"pci\"", "pciDevices[2].rootComplex"),
        ("\"numaNode\" : 1", "\"numaNode\" : 99999", "pciDevices[1].numaNode"),
        ("\"totalVFs\" : 4", "\"totalVFs\" : -4", "pciDevices[2].sriov"),
        ("\"size\" : 137438953472", "\"size\" : 0", "pciDevices[2].bars"),
        ("\"memoryKiB\" : 8388608", "\"memoryKiB\" : 18446744073709551615", "memoryKiB"),
        ("\"memoryKiB\" : 8388608", "\"memoryKiB\" : 9000000000000000000", "memoryKiB"),
        ("\"memoryKiB\" : 4194304", "\"memoryKiB\" : 1", "cells[0].memoryKiB"),
        ("\"total\" : 16", "\"total\" : 9000000000000000000", "hugepages[0]"),
        ("\"total\" : 8", "\"total\" : -8", "cells[0].hugepages[0]"),
        ("\"sizeKiB\" : 1048576", "\"sizeKiB\" : 2048", "cells[0].hugepages[1].sizeKiB"),
        ("\"0\" : 10", "\"0\" : 999", "cells[0].distances.0"), ("\"0\" : 10", "\"7\" : 10", "cells[0].distances.7"),
        ("\"isolatedCPUs\" : \"1\"", "\"isolatedCPUs\" : \"9000\"", "isolatedCPUs"),
        ("b2b7b2c4-", "x", "mediatedDevices[0].uuid"), ("\"bootID\"", "\"bootid\"", "kernel.bootID"),
    ]

    @Test("an error names the field", arguments: faults)
    func fault(original: String, replacement: String, field: String) throws {
        let text = try Self.full().json()
        try #require(text.contains(original))
        let error = Self.error(text.replacing(original, with: replacement, maxReplacements: 1))
        #expect(error.map { "\($0)".contains("host.json: \(field): ") } == true, "\(error.map { "\($0)" } ?? "none")")
    }

    @Test(
        "what is no JSON is refused with its place",
        arguments: [
            ("", "line 1, column 1"), ("a: b", "line 1, column 1"), ("{\n  \"a\" 1}", "line 2, column 7"),
            ("{\"a\": [1, 2}", "line 1, column 12"), ("{} x", "line 1, column 4"), ("{\"a", "line 1, column 4"),
            ("{\"a\\", "column 6"), ("{\"a\": nul}", "line 1, column 7"),
            (String(repeating: "[", count: 100_000), "nested too deeply"),
            (String(repeating: "{\"a\":", count: 100_000), "nested too deeply"), ("[]", "an object"),
            ("7", "an object"),
        ])
    func syntax(text: String, place: String) {
        guard case .notJSON("host.json", let reason) = Self.error(text) else {
            Issue.record("read")
            return
        }
        #expect(reason.contains(place), "\(reason)")
    }

    @Test("a document's sets take no more memory than their text")
    func largeSets() throws {
        let cpu = "{\"id\": 0, \"isOnline\": true, \"siblings\": \"0-65535\"}"
        let cpus = Array(repeating: cpu, count: 9000).joined(separator: ",")
        let text = try Self.full().json().replacing("\"cpus\" : [", with: "\"x\" : [")
            .replacing("\"formatVersion\"", with: "\"cpus\": [\(cpus)], \"formatVersion\"")
        let fault = HostFault("cpus", "has 9000 entries; a host has at most 8192")
        #expect(Self.error(text) == .invalid("host.json", [fault]))
    }

    @Test("a host is loaded from a file and from a folder")
    func files() throws {
        let folder = try TemporaryFolder.twoCells()
        let host = try Host.load(folder.path)
        #expect(host == Host(probing: folder.root) && host.cpus.count == 4)
        try folder.write("/host.json", try host.json())
        #expect(try Host.load(folder.path.appending("host.json")) == host)
    }

    @Test("what is absent, no host's folder or too large is refused")
    func refused() throws {
        let folder = try TemporaryFolder()
        #expect(throws: HostLoadError.absent("/nonexistent/host.json")) { try Host.load("/nonexistent/host.json") }
        #expect(throws: HostLoadError.notAHostFolder(folder.path)) { try Host.load(folder.path) }
        #expect(throws: HostLoadError.tooLarge("/dev/zero", limit: 16 << 20)) { try Host.load("/dev/zero") }
    }
}
