import FoundationEssentials
import Glibc
package import SystemPackage

/// What the daemon itself takes, from `/proc`.
package enum ProcessMetrics {
    private static let resident = MetricDescriptor(
        "process_resident_memory_bytes", .gauge, "The daemon's resident memory.")
    private static let anonymous = MetricDescriptor(
        "virt_node_process_anonymous_bytes", .gauge, "The part of it that no file stands behind.")
    private static let cpu = MetricDescriptor("process_cpu_seconds_total", .counter, "The daemon's CPU time.")
    private static let start = MetricDescriptor(
        "process_start_time_seconds", .gauge, "When the daemon started, in seconds since 1970.")
    private static let openFiles = MetricDescriptor("process_open_fds", .gauge, "Files that the daemon has open.")
    private static let maximumFiles = MetricDescriptor("process_max_fds", .gauge, "How many it may have open.")
    private static let threads = MetricDescriptor("virt_node_process_threads", .gauge, "The daemon's threads.")

    package static func families(proc: FilePath = "/proc") -> [MetricFamily] {
        func text(_ name: String) -> String {
            Files.read(proc.appending(name)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        let status = text("self/status")
        let stat = statFields(text("self/stat"))
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        let boot = number(after: "btime ", in: text("stat")).map { Double($0) }
        let files = try? FileManager.default.contentsOfDirectory(atPath: proc.appending("self/fd").string).count
        let started = stat.count > 19 ? Double(stat[19]) : nil
        let user = stat.count > 12 ? Double(stat[11]) : nil
        let system = stat.count > 12 ? Double(stat[12]) : nil
        var result: [MetricFamily] = []
        func add(_ metric: MetricDescriptor, _ value: Double?) {
            if let value { result.append(MetricFamily(metric, [MetricSample(value)])) }
        }
        add(resident, number(after: "VmRSS:", in: status).map { Double($0) * 1024 })
        add(anonymous, number(after: "RssAnon:", in: status).map { Double($0) * 1024 })
        add(threads, number(after: "Threads:", in: status).map { Double($0) })
        add(openFiles, files.map { Double($0) })
        add(maximumFiles, number(after: "Max open files", in: text("self/limits")).map { Double($0) })
        if let user, let system, ticks > 0 { add(cpu, (user + system) / ticks) }
        if let boot, let started, ticks > 0 { add(start, boot + started / ticks) }
        return result
    }

    /// The fields of a `stat` file after the command, which may hold spaces and brackets: `state` is the first.
    static func statFields(_ text: String) -> [Substring] {
        guard let end = text.lastIndex(of: ")") else { return [] }
        return text[text.index(after: end)...].split(separator: " ")
    }

    /// The first number of the line that begins with `key`.
    static func number(after key: String, in text: String) -> UInt64? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
        return line.dropFirst(key.count).split { $0 == " " || $0 == "\t" }.first.flatMap { UInt64($0) }
    }
}
