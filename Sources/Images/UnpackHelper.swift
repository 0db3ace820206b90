import FoundationEssentials
import Glibc
import Sandbox
import Subprocess
import Synchronization
import SystemPackage

/// Unpacks images in a process that can reach nothing but the layers and one scratch folder: no network, no other program,
/// no capability, and where the kernel has Landlock no other file.
///
/// The helper is this program. It reads an `UnpackJob` as JSON, and writes a line for each step and one for the end.
package struct UnpackHelper: Sendable {
    let program: FilePath

    /// The subcommand that calls `serve`.
    package static let command = "unpack-layers"
    /// Bytes of a job, and of a line of an answer.
    private static let lineLimit = 16 << 20
    /// Bytes of memory that the helper may map: a packed layer may ask for a window of 2 GiB.
    private static let memoryLimit: UInt64 = 4 << 30

    /// This program, also where its file was replaced meanwhile.
    package static let own = UnpackHelper(program: "/proc/self/exe")

    /// What the helper says.
    private enum Word: Codable, Sendable {
        case progress(ImageProgress)
        case done(Unpacked)
        case failed(ImageError)
    }

    func run(_ job: UnpackJob, _ progress: ImageProgressListener?) async throws(ImageError) -> Unpacked {
        let end = Mutex<Word?>(nil)
        do {
            let text = try JSONEncoder().encode(job)
            var options = PlatformOptions()
            options.teardownSequence = []
            let result = try await Subprocess.run(
                .path(program), arguments: [Self.command], environment: .custom(["LC_ALL": "C"]),
                platformOptions: options, input: .array(Array(text)), output: .sequence,
                error: .string(limit: 4096)
            ) { execution in
                let lines = execution.standardOutput.strings(
                    separatedBy: .unicodeScalarSequence(["\n"]), bufferingPolicy: .maxLineLength(Self.lineLimit))
                for try await line in lines {
                    let word = try JSONDecoder().decode(Word.self, from: Data(line.utf8))
                    if case .progress(let step) = word { progress?(step) } else { end.withLock { $0 = word } }
                }
            }
            if Task.isCancelled { throw ImageError.cancelled(image: job.image) }
            switch end.withLock({ $0 }) {
            case .done(let unpacked): return try trusted(unpacked, job)
            case .failed(let error): throw error
            default:
                let text = result.standardError
                throw ImageError.unpackingFailed(
                    image: job.image, reason: text.isEmpty ? "\(result.terminationStatus)" : text)
            }
        } catch let error as ImageError {
            throw error
        } catch {
            if Task.isCancelled { throw .cancelled(image: job.image) }
            throw .unpackingFailed(image: job.image, reason: "\(error)")
        }
    }

    /// Who has read a hostile image may lie: only files of the scratch folder are taken from it.
    private func trusted(_ unpacked: Unpacked, _ job: UnpackJob) throws(ImageError) -> Unpacked {
        for file in unpacked.files {
            let path = file.host
            guard path.removingLastComponent() == job.scratch, let name = path.lastComponent?.string else {
                throw .unpackingFailed(image: job.image, reason: "it names a file of another folder, \(path)")
            }
            do throws(SandboxError) {
                let descriptor = try ConfinedFolder(job.scratch).open(name, .readOnly, options: .nonBlocking)
                defer { try? descriptor.close() }
                guard (try? descriptor.stat())?.type == .regular else {
                    throw .open(path: path.string, .invalidArgument)
                }
            } catch {
                throw .unpackingFailed(image: job.image, reason: "\(error)")
            }
        }
        return unpacked
    }

    /// The helper's own side: reads the job, gives up all else, and works. Blocks; returns the exit status.
    package static func serve() -> CInt {
        do {
            guard let input = try FileDescriptor.standardInput.readAll(limit: lineLimit) else { return 2 }
            let job = try JSONDecoder().decode(UnpackJob.self, from: Data(input))
            try confine(job)
            do throws(ImageError) {
                say(.done(try job.run(Cancellation()) { say(.progress($0)) }))
            } catch {
                say(.failed(error))
            }
            return 0
        } catch {
            _ = try? FileDescriptor.standardError.writeAll("\(error)\n".utf8)
            return 1
        }
    }

    private static func confine(_ job: UnpackJob) throws {
        // SAFETY: the limits are read during the calls.
        for (resource, limit) in [(RLIMIT_AS, memoryLimit), (RLIMIT_CORE, 0), (RLIMIT_NOFILE, 64)] {
            var limits = rlimit(rlim_cur: rlim_t(limit), rlim_max: rlim_t(limit))
            guard unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limits) == 0 else {
                throw Errno(rawValue: errno)
            }
        }
        _ = try PathRules(readable: job.layers.map(\.path), writable: [job.scratch]).load()
        try CapabilitySet.none.limit()
        _ = try SystemCallFilter(.only(SystemCalls.helper), .fail).load(everyThread: true)
    }

    /// Who asked is gone where a line cannot be written: nobody wants the rest.
    private static func say(_ word: Word) {
        do {
            var line = try JSONEncoder().encode(word)
            line.append(UInt8(ascii: "\n"))
            try FileDescriptor.standardOutput.writeAll(line)
        } catch {
            _exit(1)
        }
    }
}

extension FileDescriptor {
    /// All that can be read; nil where it is more than `limit` bytes.
    fileprivate func readAll(limit: Int) throws -> [UInt8]? {
        // SAFETY: each read stays within the block.
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try unsafe block.withUnsafeMutableBytes { try unsafe read(into: $0) }
            guard count > 0 else { return bytes }
            bytes += block[..<count]
            guard bytes.count <= limit else { return nil }
        }
    }
}
