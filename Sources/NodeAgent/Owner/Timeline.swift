internal import FoundationEssentials
package import KubernetesModel
internal import SystemPackage

/// What happened to a VM, step by step: what an operator asks for first.
///
/// Kept beside the VM's files, a line a step, so that it outlives the process.
package struct Timeline: Sendable {
    package struct Entry: Sendable, Equatable, Codable {
        /// Seconds since 1970.
        package var time: Double
        package var step: String
        package var detail: String
        /// How long the step took, where it has a duration.
        package var seconds: Double?
    }

    /// Entries that are kept: a VM that fails for days tells of its first and of its last attempts.
    static let limit = 200
    package private(set) var entries: [Entry] = []
    private let file: FilePath
    private var isClosed = false
    /// A process was killed while it wrote: what is added begins a line of its own.
    private var isTorn = false

    /// Reads what an earlier process wrote.
    init(file: FilePath) {
        self.file = file
        let data = Files.read(file) ?? Data()
        isTorn = data.last.map { $0 != 0x0A } ?? false
        let lines = data.split(separator: 0x0A)
        entries = lines.suffix(Self.limit).compactMap { try? JSONDecoder().decode(Entry.self, from: Data($0)) }
    }

    mutating func add(_ step: String, _ detail: String, seconds: Double? = nil, at time: Double) {
        let entry = Entry(time: time, step: step, detail: detail.cut(to: 2000), seconds: seconds)
        entries.append(entry)
        if entries.count > Self.limit {
            // The first start stays; what goes is between.
            entries.remove(at: Self.limit / 4)
            rewrite()
        } else {
            append(entry)
        }
    }

    /// Whether the last entry is this step's, and not older than `time`.
    func ends(with step: String, since time: Double) -> Bool {
        entries.last.map { $0.step == step && $0.time >= time } ?? false
    }

    /// The VM is gone: from now on nothing is written.
    mutating func close() { isClosed = true }

    /// A line that cannot be written is lost to the next process, and to nobody else.
    private mutating func append(_ entry: Entry) {
        guard !isClosed, let data = try? JSONEncoder().encode(entry),
            let descriptor = try? FileDescriptor.open(
                file, .writeOnly, options: [.create, .append, .noFollow, .closeOnExec], permissions: .ownerReadWrite)
        else { return }
        _ = try? descriptor.closeAfter { try descriptor.writeAll((isTorn ? [0x0A] : []) + data + [0x0A]) }
        isTorn = false
    }

    private mutating func rewrite() {
        guard !isClosed else { return }
        isTorn = false
        let lines = entries.compactMap { try? JSONEncoder().encode($0) }
        try? Files.writeAtomically(Data(lines.joined(separator: [0x0A])) + [0x0A], to: file)
    }

    package func document() -> DocumentNode {
        .array(
            entries.map { entry in
                var members = [
                    DocumentMember("time", .string(Date(timeIntervalSince1970: entry.time).ISO8601Format())),
                    DocumentMember("step", .string(entry.step)), DocumentMember("detail", .string(entry.detail)),
                ]
                if let seconds = entry.seconds {
                    members.append(
                        DocumentMember("seconds", DocumentNode(.number("\((seconds * 1000).rounded() / 1000)"))))
                }
                return .object(members)
            })
    }
}
