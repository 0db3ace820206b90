import Subprocess
import Synchronization
import SystemPackage

/// Runs the payload once under QEMU and times its marks as they arrive on a pipe.
///
/// Owns one QEMU child for the time of one call.
///
///     started ──R──▶ real mode ──L──▶ long mode ──marks──▶ completed | stopped
///        └────────── start limit ──┘  └──── run limit ───▶ timedOut
///
/// Synchronization: the reader of the pipe and two watchdogs are children of one task group and share a
/// `GuestRunWatch`. The group is left once both pipes are closed, and the child's end is awaited by `Subprocess.run`,
/// which also kills it when this task is cancelled. A process that dies without a chance to kill its QEMU leaves one
/// that the kernel ends after 60 s of CPU time (`ulimit -t`).
struct GuestRunner: Sendable {
    let qemu: FilePath
    let image: FilePath

    struct Limits: Sendable {
        /// Seconds from QEMU's start to 64-bit mode.
        var start: Double
        /// Seconds from there to the last turn.
        var run: Double
        /// Stop once the rate is known from this many seconds; `nil`: the guest must complete.
        var enough: Double?
    }

    func run(
        _ accelerator: GuestRun.Accelerator, cpuModel: String, limits: Limits
    ) async throws(AcceleratorError) -> GuestRun {
        let watch = GuestRunWatch()
        do {
            let result = try await Subprocess.run(
                // No core file and no crash report when QEMU aborts: that is an answer here.
                .path("/bin/sh"),
                arguments: Arguments(
                    ["-c", "ulimit -c 0; ulimit -t 60; exec \"$0\" \"$@\"", qemu.string]
                        + Self.arguments(accelerator, cpuModel: cpuModel, image: image)),
                platformOptions: Self.platformOptions, input: .none, output: .sequence, error: .sequence
            ) { execution in
                try await Self.observe(execution, limits: limits, watch: watch)
            }
            if Task.isCancelled { throw AcceleratorError.cancelled }
            let seen = result.closureResult
            let (ending, code) = Self.ending(result.terminationStatus, kill: watch.kill, seen.recorder)
            return seen.recorder.run(
                accelerator, cpuModel: cpuModel, ending: ending, code: code, endedAt: seen.endedAt, log: seen.log)
        } catch let error as AcceleratorError {
            throw error
        } catch is CancellationError {
            throw .cancelled
        } catch let error as SubprocessError {
            throw .qemuCannotStart(binary: qemu.string, problem: error.description)
        } catch {
            throw .qemuCannotStart(binary: qemu.string, problem: "\(error)")
        }
    }

    /// A cancelled task kills QEMU at once: it holds nothing that it could lose.
    private static var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.teardownSequence = []
        return options
    }
}

extension GuestRunner {
    private typealias QEMU = Execution<NoInput, SequenceOutput, SequenceOutput>

    private struct Observation: Sendable {
        var recorder = GuestRunRecorder()
        var endedAt: Double = 0
        var log = ""
    }

    private static func observe(
        _ qemu: QEMU, limits: Limits, watch: GuestRunWatch
    ) async throws -> Observation {
        try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask { try await beginning(of: qemu.standardError) }
            group.addTask {
                try await ContinuousClock().sleep(for: .seconds(limits.start))
                if !watch.reachedLongMode { watch.end(qemu, as: .timedOut) }
                return nil
            }
            var seen = Observation()
            for try await chunk in qemu.standardOutput {
                seen.recorder.note(chunk.withUnsafeBytes { Array($0) }, at: watch.elapsed)
                if seen.recorder.longMode != nil, watch.noteLongMode() {
                    group.addTask {
                        try await ContinuousClock().sleep(for: .seconds(limits.run))
                        watch.end(qemu, as: .timedOut)
                        return nil
                    }
                }
                if let enough = limits.enough, seen.recorder.turns < AcceleratorPayload.turns,
                    seen.recorder.knowsRate(after: enough)
                {
                    watch.end(qemu, as: .stopped)
                }
            }
            seen.endedAt = watch.elapsed
            // The log ends with QEMU; watchdogs that still sleep are cancelled then.
            while let finished = await group.nextResult() {
                if case .success(let log?) = finished {
                    seen.log = log
                    group.cancelAll()
                }
            }
            return seen
        }
    }

    /// At most 4 KiB; the rest is read and dropped, so that QEMU never waits for a reader.
    private static func beginning(of output: SubprocessOutputSequence) async throws -> String {
        var bytes: [UInt8] = []
        for try await chunk in output where bytes.count < 4096 {
            bytes += chunk.withUnsafeBytes { Array($0) }
        }
        return String(decoding: bytes.prefix(4096), as: UTF8.self).trimmed
    }

    /// The machine and CPU that libvirt gives a VM, with no device but those of the payload.
    static func arguments(
        _ accelerator: GuestRun.Accelerator, cpuModel: String, image: FilePath
    ) -> [String] {
        [
            "-machine", "q35", "-accel", accelerator.rawValue, "-cpu", cpuModel, "-smp", "1", "-m", "32",
            "-no-user-config", "-nodefaults", "-display", "none", "-no-reboot", "-bios", image.string,
            "-chardev", "stdio,id=marks,signal=off", "-device", "isa-debugcon,iobase=0xe9,chardev=marks",
            "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
        ]
    }

    static func ending(
        _ status: TerminationStatus, kill: GuestRun.Ending?, _ recorder: GuestRunRecorder
    ) -> (GuestRun.Ending, code: Int?) {
        switch status {
        case .exited(AcceleratorPayload.exitStatus) where recorder.turns == AcceleratorPayload.turns: (.completed, nil)
        case .exited(let code): (.exited, Int(code))
        case .signaled(let signal): kill.map { ($0, nil) } ?? (.aborted, Int(signal))
        }
    }
}
