import FoundationEssentials
import Subprocess
import SystemPackage
import Testing

@testable import HostModel

@Suite struct AcceleratorPayloadTests {
    @Test("the table of bytes is what binutils make of the source")
    func tableMatchesSource() async throws {
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../Sources/HostModel/Payload/accelerator-payload.asm")
        let folder = try TemporaryFolder()
        try folder.write("payload.s", String(decoding: Data(contentsOf: source), as: UTF8.self))
        let script =
            "as --64 -o payload.o payload.s && ld -m elf_x86_64 -Ttext=0 --oformat binary -o payload.bin payload.o"
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", script], workingDirectory: folder.path, input: .none,
            output: .discarded, error: .string(limit: 65_536))
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        let image = try Data(contentsOf: URL(filePath: folder.path.appending("payload.bin").string))
        #expect([UInt8](image) == AcceleratorPayload.image)
    }

    @Test("the marks of a whole run add up to all turns")
    func marksAddUp() {
        var recorder = GuestRunRecorder()
        recorder.note("R".utf8, at: 0.1)
        recorder.note("L".utf8, at: 0.2)
        recorder.note(String(repeating: ",", count: 50).utf8, at: 0.3)
        #expect(recorder.turns == 1_000_000)
        #expect(recorder.knowsRate(after: 0.05) && !recorder.knowsRate(after: 0.5))
        recorder.note(String(repeating: ".", count: 19).utf8, at: 2.2)
        let run = recorder.run(.tcg, cpuModel: "max", ending: .completed, code: nil, endedAt: 2.3, log: "")
        #expect(run.turns == AcceleratorPayload.turns && run.startupSeconds == 0.1)
        #expect(abs(run.turnsPerSecond - 10_000_000) < 1)
    }

    @Test("marks that were all read at once are timed by the whole run, which is never too good")
    func readAtOnce() {
        var recorder = GuestRunRecorder()
        recorder.note("RL\(String(repeating: ",", count: 50))".utf8, at: 2)
        let run = recorder.run(.kvm, cpuModel: "host", ending: .stopped, code: nil, endedAt: 4, log: "")
        #expect(run.seconds == 4 && run.turnsPerSecond == 250_000)
    }

    @Test("a guest without a turn is timed to the end of its run")
    func noTurns() {
        var recorder = GuestRunRecorder()
        recorder.note("RL?".utf8, at: 0.5)
        let run = recorder.run(.kvm, cpuModel: "host", ending: .timedOut, code: nil, endedAt: 1.5, log: "")
        #expect(run.seconds == 1 && run.turnsPerSecond == 0 && run.reachedLongMode)
    }
}
