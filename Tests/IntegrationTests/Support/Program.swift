import Foundation
import Synchronization
import Testing

/// The built program, as a child of the tests.
final class Program: Sendable {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Beside the test bundle, where SwiftPM puts it.
    static var path: String {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("virt-node").path
    }

    private let process: Process
    private let outputFile: URL
    private let errorFile: URL

    /// Starts the program, with its streams in files.
    init(_ arguments: [String], in sandbox: Sandbox) throws {
        let id = UUID().uuidString
        outputFile = sandbox.folder.appendingPathComponent("\(id).out")
        errorFile = sandbox.folder.appendingPathComponent("\(id).err")
        _ = FileManager.default.createFile(atPath: outputFile.path, contents: nil)
        _ = FileManager.default.createFile(atPath: errorFile.path, contents: nil)
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: outputFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var output: String { (try? String(contentsOf: outputFile, encoding: .utf8)) ?? "" }
    var errors: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

    func send(_ signal: Int32) { kill(pid, signal) }

    /// Waits for the end, killing the program at the limit: a hang is a failure, not a hang of the tests.
    @discardableResult
    func wait(limit seconds: Double = 240) -> Result {
        let deadline = Date().addingTimeInterval(seconds)
        while process.isRunning, Date() < deadline { usleep(20_000) }
        if process.isRunning {
            Issue.record("\(process.arguments ?? []) did not end within \(seconds) s: \(errors)")
            kill(pid, SIGKILL)
        }
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: output, errors: errors)
    }

    /// Waits until `condition` holds; a failure with the program's own words where it never does.
    func waitUntil(_ what: String, limit seconds: Double = 240, _ condition: () -> Bool) throws {
        let deadline = Date().addingTimeInterval(seconds)
        while Date() < deadline {
            if condition() { return }
            guard process.isRunning else { break }
            usleep(50_000)
        }
        guard !condition() else { return }
        send(SIGKILL)
        throw ProgramFailure(text: "\(what) did not happen. Errors: \(errors) Output: \(output.suffix(2000))")
    }
}

struct ProgramFailure: Error, CustomStringConvertible {
    var text: String
    var description: String { text }
}

/// A folder that a test owns, with virt-node's folders below it.
final class Sandbox: Sendable {
    let folder: URL

    init() throws {
        let name = String(UInt32.random(in: 0..<(1 << 20)), radix: 36)
        folder = URL(fileURLWithPath: "/tmp/vn\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        chmod(folder.path, 0o711)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var root: String { folder.path }

    func write(_ text: String, _ name: String) throws -> String {
        let path = folder.appendingPathComponent(name)
        try text.write(to: path, atomically: true, encoding: .utf8)
        return path.path
    }

    /// Runs the program to its end.
    func run(_ arguments: [String], limit: Double = 240) throws -> Program.Result {
        try Program(arguments, in: self).wait(limit: limit)
    }

    func start(_ arguments: [String]) throws -> Program { try Program(arguments, in: self) }

    func importHello() throws {
        let result = try run(["image", "import", "--root", root, "hello:latest", TestGuests.hello])
        try #require(result.status == 0, "\(result.errors)")
    }

    /// What of virt-node's is left: sessions, intents, VMs, and processes that name the sandbox.
    var leftovers: [String] {
        var found: [String] = []
        for path in ["run/virt-node/r", "var/lib/virt-node/intents", "var/lib/virt-node/vms"] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(path)")) ?? []
            found += names.map { "\(path)/\($0)" }
        }
        return found + helpers.map { "process \($0)" }
    }

    /// The QEMUs whose command line names the sandbox.
    var helpers: [Int32] {
        let pids = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
        return pids.filter { pid in
            let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
            let words = String(decoding: data, as: UTF8.self).split(separator: "\0")
            return words.first?.contains("qemu-system") == true && words.contains { $0.contains("\(root)/") }
        }
    }
}

/// Runs a program of the system and returns what it prints.
@discardableResult
func shell(_ words: String...) throws -> (status: Int32, output: String) { try shell(words) }

@discardableResult
func shell(_ words: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}
