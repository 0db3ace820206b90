import FoundationEssentials
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import Images

/// Headers of qcow2 files: what is accepted opens no second file, whatever QEMU makes of it.
@Suite struct QCOW2FuzzTests {
    private static let donors: [QCOW2File] = [
        QCOW2File(), QCOW2File(version: 2, virtualSize: 5 << 20), QCOW2File().backed(by: "/etc/shadow"),
        QCOW2File().backed(by: "json:{\"driver\":\"nbd\",\"host\":\"x\"}"), QCOW2File().with { $0.set(72, long: 4) },
        QCOW2File().with { $0.set(32, word: 2) }, QCOW2File(virtualSize: 1 << 62),
        QCOW2File().with { file in
            file.set(104, word: 0x6803_F857)
            file.set(108, word: 48)
            file.set(160, word: 0x4441_5441)
            file.set(164, word: 8)
        },
        QCOW2File().with { file in
            file.set(60, word: 3)
            file.set(64, long: 2 * 65536)
        },
        QCOW2File().with { file in
            file.set(72, long: 24)
            file.set(100, word: 112)
        },
    ]
    /// Where the fields of a header lie, and their bytes.
    private static let fields = [
        (4, 4), (8, 8), (16, 4), (20, 4), (24, 8), (32, 4), (36, 4), (40, 8), (48, 8), (56, 4), (60, 4), (64, 8),
        (72, 8),
        (80, 8), (88, 8), (96, 4), (100, 4), (104, 4), (108, 4), (112, 4), (116, 4),
    ]
    private static let values: [UInt64] = [
        0, 1, 2, 3, 4, 8, 9, 16, 21, 22, 63, 64, 72, 104, 112, 511, 512, 65535, 65536, 131_072, 1 << 22, 1 << 31,
        1 << 32,
        1 << 56, 1 << 62, 1 << 63, .max, 0xE279_2ACA, 0x6803_F857, 0x2385_2875, 0x0537_BE77, 0x4441_5441,
    ]

    /// A file with some fields changed.
    private static func next(_ random: inout SeededRandom) -> QCOW2File {
        var file = donors.randomElement(using: &random) ?? QCOW2File()
        repeat {
            guard let (offset, width) = fields.randomElement(using: &random) else { continue }
            var value = values.randomElement(using: &random) ?? 0
            if Int.random(in: 0..<4, using: &random) == 0 {
                value = random.next() >> UInt64.random(in: 0..<64, using: &random)
            }
            if width == 8 {
                file.set(offset, long: value)
            } else {
                file.set(offset, word: UInt32(truncatingIfNeeded: value))
            }
        } while Int.random(in: 0..<3, using: &random) == 0
        if Int.random(in: 0..<10, using: &random) == 0 {
            file.bytes.removeSubrange(Int.random(in: 0..<file.bytes.count, using: &random)...)
        }
        return file
    }

    @Test("what is accepted has no backing file, no data file and no key, and its tables lie in it")
    func headers() async {
        var random = SeededRandom(seed: FuzzSettings.seed)
        var log = FuzzLog("qcow2 headers")
        for await round in FuzzSettings.rounds(1500) {
            let bytes = Self.next(&random).bytes
            log.run(round, bytes.prefix(160)) {
                do throws(QCOW2Fault) {
                    return .accepted(Self.faults(of: try QCOW2Header(bytes, fileSize: UInt64(bytes.count)), bytes))
                } catch { return .refused(error) }
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }

    /// Told by the bytes alone, without the reader's own arithmetic.
    private static func faults(of header: QCOW2Header, _ bytes: [UInt8]) -> [String] {
        func number(_ offset: Int, _ width: Int) -> UInt64 {
            bytes[offset..<min(bytes.count, offset + width)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        var faults: [String] = []
        if number(8, 8) != 0 || number(16, 4) != 0 { faults.append("it has a backing file") }
        if number(32, 4) != 0 { faults.append("it is encrypted") }
        if header.version == 3, number(72, 8) & ~0b1_1001 != 0 { faults.append("it has features that nobody knows") }
        if header.virtualSize == 0 || header.virtualSize > UInt64(Int64.max) {
            faults.append("it has \(header.virtualSize) bytes")
        }
        if number(40, 8) + number(36, 4) * 8 > UInt64(bytes.count) { faults.append("its first table ends outside") }
        return faults
    }

    /// Where QEMU's own reader is installed, it must agree.
    @Test(
        "what is accepted is to QEMU a disk of one file and of the same size",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/qemu-img")))
    func oracle() async throws {
        let folder = try FuzzFolder()
        var random = SeededRandom(seed: FuzzSettings.seed)
        var log = FuzzLog("qcow2 headers beside QEMU")
        for await round in FuzzSettings.rounds(120) {
            let bytes = Self.next(&random).bytes
            let file = try folder.write("disk", bytes)
            await log.run(round, bytes.prefix(160)) {
                guard let header = try? QCOW2Header(bytes, fileSize: UInt64(bytes.count)) else { return .refused }
                return .accepted(await Self.disagreement(file, header))
            }
        }
        #expect(log.faults.isEmpty, "\(log.report)")
        #expect(log.accepted > log.rounds / 20, "\(log.report)")
        log.printFigures()
    }

    private struct Info: Decodable {
        var format: String
        var virtualSize: UInt64
        var backing: String?
        var data: String?
        var encrypted: Bool?

        enum CodingKeys: String, CodingKey {
            case format, encrypted
            case virtualSize = "virtual-size"
            case backing = "full-backing-filename"
            case data = "data-file"
        }
    }

    private static func disagreement(_ file: FilePath, _ header: QCOW2Header) async -> [String] {
        do {
            let result = try await run(
                .path("/usr/bin/qemu-img"), arguments: ["info", "--output=json", "-f", "qcow2", file.string],
                output: .bytes(limit: 1 << 20), error: .string(limit: 1 << 16))
            // What QEMU refuses harms nobody.
            guard result.terminationStatus.isSuccess else { return [] }
            let info = try JSONDecoder().decode(Info.self, from: Data(result.standardOutput))
            var faults: [String] = []
            if info.backing != nil || info.data != nil || info.encrypted == true { faults.append("QEMU sees \(info)") }
            if info.virtualSize != header.virtualSize { faults.append("QEMU sees \(info.virtualSize) bytes") }
            return faults
        } catch { return ["\(error)"] }
    }
}
